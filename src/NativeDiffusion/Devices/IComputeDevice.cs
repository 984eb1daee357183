using NativeDiffusion.Plans;

namespace NativeDiffusion.Devices;

/// <summary>
/// Something that runs graphs. One plan runs at a time on a device; callers that come meanwhile wait. A device keeps the weights it has laid
/// out, so that graphs of several shapes share them, and has one arena for the values of whatever runs.
/// </summary>
public interface IComputeDevice : IDisposable
{
    /// <summary>The device's name as users write it: <c>cpu</c>, <c>cuda:0</c>.</summary>
    string Name { get; }

    /// <summary>The device's own memory.</summary>
    DeviceMemory Memory { get; }

    /// <summary>Compiled plans that the device keeps for its users.</summary>
    internal PlanCache Plans { get; }

    /// <summary>What compiling a graph would take, beside what the device holds already.</summary>
    /// <param name="graph">As recorded.</param>
    MemoryNeed Estimate(Graph graph);

    /// <summary>Lowers a graph, lays its weights out and takes memory for what it keeps.</summary>
    /// <param name="graph">As recorded.</param>
    /// <param name="owner">To whom the weights belong, for <see cref="Release"/>; the device itself unless given.</param>
    /// <param name="progress">Receives the share of the graph's operations that is prepared, 0 to 1; or null.</param>
    /// <param name="cancellationToken">Ends the work; the device stays usable.</param>
    /// <returns>The plan, ready to run.</returns>
    /// <exception cref="CheckpointException">A weight cannot be read.</exception>
    /// <exception cref="InsufficientMemoryException">The estimate says that memory does not suffice; nothing was taken.</exception>
    ICompiledPlan Compile(Graph graph, object? owner = null, IProgress<double>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>Releases kept plans and weights of an owner; weights that others own too stay. Its plans must not run any more.</summary>
    /// <param name="owner">As it was given to <see cref="Compile"/>.</param>
    void Release(object owner);

    /// <summary>How many rows of a network's batch go together at most.</summary>
    /// <param name="height">Of the latents.</param>
    /// <param name="width">Of the latents.</param>
    internal int RowsPerBatch(int height, int width);

    /// <summary>How many pictures the VAE takes at once at most.</summary>
    /// <param name="height">Of the latents.</param>
    /// <param name="width">Of the latents.</param>
    internal int PicturesPerSlice(int height, int width);

    /// <summary>Begins a sampling run, whose state is the device's from the first noise to the last x0.</summary>
    /// <param name="request">The network, the solver's table and the pictures.</param>
    internal ISamplingRun BeginSampling(SamplingRequest request);
}
