using NativeDiffusion.Plans;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Devices;

/// <summary>A graph on a device, ready to run: inputs are copied in, the plan runs, outputs are copied out. For one caller at a time.</summary>
public interface ICompiledPlan : IDisposable
{
    /// <summary>Bytes of the device's arena that a run uses.</summary>
    long ArenaBytes { get; }

    /// <summary>Bytes of the plan's own memory: inputs, outputs, results of its prologue.</summary>
    long KeptBytes { get; }

    /// <summary>An input on the device; its values persist between runs.</summary>
    /// <typeparam name="T">float, or int for token ids.</typeparam>
    /// <param name="input">The graph's handle.</param>
    /// <exception cref="ArgumentException">The input does not belong to this plan's graph.</exception>
    DeviceInput<T> Input<T>(PlanInput<T> input)
        where T : unmanaged;

    /// <summary>An output on the device; its values are valid until the next run.</summary>
    /// <param name="output">The graph's handle.</param>
    /// <exception cref="ArgumentException">The output does not belong to this plan's graph.</exception>
    DeviceOutput Output(PlanOutput output);

    /// <summary>Runs the plan.</summary>
    /// <param name="observer">Invoked after each operation with its time; or null.</param>
    /// <param name="cancellationToken">Checked between operations; the plan can be run again afterwards.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="InvalidOperationException">An observer runs a plan of the same device.</exception>
    void Run(Action<OperationTiming>? observer = null, CancellationToken cancellationToken = default);
}

/// <summary>The time of one operation of a run.</summary>
/// <param name="Operation">The operation's name, the same on every device: <c>GroupNorm</c>.</param>
/// <param name="Scope">The scope in the model, dotted as in the checkpoint.</param>
/// <param name="Elapsed">The time.</param>
public readonly record struct OperationTiming(string Operation, string Scope, TimeSpan Elapsed);

/// <summary>An input of a compiled plan.</summary>
/// <typeparam name="T">float, or int for token ids.</typeparam>
public abstract class DeviceInput<T>
    where T : unmanaged
{
    /// <summary>The host's shape: pictures [N, C, H, W], everything else unchanged.</summary>
    public abstract TensorShape Shape { get; }

    /// <summary>Copies values to the input.</summary>
    /// <param name="values">Whole samples, row-major: the shape's element count for all of them, or a part of it for some.</param>
    /// <param name="firstSample">The first sample (outermost index).</param>
    /// <exception cref="ArgumentException">They are not whole samples of the input.</exception>
    public abstract void CopyFrom(ReadOnlySpan<T> values, int firstSample = 0);
}

/// <summary>An output of a compiled plan.</summary>
public abstract class DeviceOutput
{
    /// <summary>The host's shape: pictures [N, C, H, W], everything else unchanged.</summary>
    public abstract TensorShape Shape { get; }

    /// <summary>Copies the values of the latest run from the output.</summary>
    /// <param name="values">Destination for whole samples, row-major: the shape's element count for all of them, or a part of it for some.</param>
    /// <param name="firstSample">The first sample (outermost index).</param>
    /// <exception cref="ArgumentException">The destination does not hold whole samples of the output.</exception>
    public abstract void CopyTo(Span<float> values, int firstSample = 0);

    /// <summary>The values of the latest run in a new tensor.</summary>
    public Tensor ToTensor()
    {
        var tensor = new Tensor(Shape);
        CopyTo(tensor.Data);
        return tensor;
    }
}
