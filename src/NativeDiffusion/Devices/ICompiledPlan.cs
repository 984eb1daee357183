using NativeDiffusion.Plans.Operations;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Devices;

/// <summary>A plan on a device: inputs are set by name, the plan runs, outputs are read by name. For one caller at a time.</summary>
public interface ICompiledPlan : IDisposable
{
    /// <summary>Bytes that the values take on the device.</summary>
    long ArenaBytes { get; }

    /// <summary>Sets an input; it is copied.</summary>
    /// <param name="name">As the plan names it.</param>
    /// <param name="values">As many numbers as the input's shape has; pictures [N, C, H, W].</param>
    /// <exception cref="ArgumentException">There is no such input, or it has another size.</exception>
    void Set(string name, ReadOnlySpan<float> values);

    /// <summary>Sets an input of token numbers; it is copied.</summary>
    /// <param name="name">As the plan names it.</param>
    /// <param name="tokens">As many as the input's shape has.</param>
    /// <exception cref="ArgumentException">There is no such input, or it has another size.</exception>
    void SetTokens(string name, ReadOnlySpan<int> tokens);

    /// <summary>Runs the plan; inputs that were not set anew keep their values.</summary>
    /// <param name="observer">Told each operation and how long it took; or null.</param>
    /// <param name="cancellationToken">Looked at between operations; the plan can be run again afterwards.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    void Run(Action<Operation, TimeSpan>? observer = null, CancellationToken cancellationToken = default);

    /// <summary>An output of the last run; pictures [N, C, H, W]. The same tensor object is filled again by the next run.</summary>
    /// <param name="name">As the plan names it.</param>
    /// <exception cref="ArgumentException">There is no such output.</exception>
    Tensor Get(string name);
}
