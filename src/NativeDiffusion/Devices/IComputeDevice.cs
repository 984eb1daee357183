using NativeDiffusion.Plans;

namespace NativeDiffusion.Devices;

/// <summary>
/// A device that runs graphs, one plan at a time; concurrent callers wait. A device keeps the weights it has packed,
/// so that graphs of several shapes share them, and has one arena for the values of the running plan.
/// </summary>
public interface IComputeDevice : IDisposable
{
    /// <summary>The device's name: <c>cpu</c>, <c>cuda:0</c>.</summary>
    string Name { get; }

    /// <summary>The device's own memory.</summary>
    DeviceMemory Memory { get; }

    /// <summary>Compiled plans that the device keeps for its users.</summary>
    internal PlanCache Plans { get; }

    /// <summary>The memory that compiling a graph would need in addition to what the device already holds.</summary>
    /// <param name="graph">As recorded.</param>
    MemoryNeed Estimate(Graph graph);

    /// <summary>Lowers a graph, packs its weights and allocates the plan's own memory.</summary>
    /// <param name="graph">As recorded.</param>
    /// <param name="owner">The owner of the weights, for <see cref="Release"/>; by default the device itself.</param>
    /// <param name="progress">Receives the share of the graph's operations that are prepared, 0 to 1; or null.</param>
    /// <param name="cancellationToken">Cancels the compilation; the device remains usable.</param>
    /// <returns>The plan, ready to run.</returns>
    /// <exception cref="CheckpointException">A weight cannot be read.</exception>
    /// <exception cref="InsufficientMemoryException">The estimate exceeds the free memory; nothing was allocated.</exception>
    ICompiledPlan Compile(Graph graph, object? owner = null, IProgress<double>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>Releases cached plans and weights of an owner; weights with other owners remain. Its plans must not run afterwards.</summary>
    /// <param name="owner">The owner passed to <see cref="Compile"/>.</param>
    void Release(object owner);

    /// <summary>Maximum number of rows in a network's batch.</summary>
    /// <param name="height">Of the latents.</param>
    /// <param name="width">Of the latents.</param>
    internal int RowsPerBatch(int height, int width);

    /// <summary>Maximum number of pictures in a batch of the VAE.</summary>
    /// <param name="height">Of the latents.</param>
    /// <param name="width">Of the latents.</param>
    internal int PicturesPerSlice(int height, int width);

    /// <summary>Starts a sampling run, whose state stays on the device from the first noise to the last x0.</summary>
    /// <param name="request">The network, the solver's table and the pictures.</param>
    internal ISamplingRun BeginSampling(SamplingRequest request);
}
