using NativeDiffusion.Plans;

namespace NativeDiffusion.Devices;

/// <summary>
/// Something that runs plans. One plan runs at a time on a device; callers that come meanwhile wait.
/// A device keeps the weights it has laid out, so that plans of several shapes share them.
/// </summary>
public interface IComputeDevice : IDisposable
{
    /// <summary>The device's name as users write it: <c>cpu</c>.</summary>
    string Name { get; }

    /// <summary>Bytes of weights that the device holds.</summary>
    long WeightBytes { get; }

    /// <summary>What compiling a plan would take, beside what the device holds already.</summary>
    /// <param name="plan">The plan.</param>
    MemoryNeed Estimate(Plan plan);

    /// <summary>Lays out the plan's weights and takes memory for its values.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="progress">Told the share of the plan's weights that is laid out, 0 to 1; or null.</param>
    /// <param name="cancellationToken">Ends the work; the device stays usable.</param>
    /// <returns>The plan, ready to run.</returns>
    /// <exception cref="CheckpointException">A weight cannot be read.</exception>
    /// <exception cref="InsufficientMemoryException">The estimate says that memory does not suffice; nothing was taken.</exception>
    ICompiledPlan Compile(Plan plan, IProgress<double>? progress = null, CancellationToken cancellationToken = default);
}
