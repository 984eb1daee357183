using NativeDiffusion.Benchmarks.Onnx;
using NativeDiffusion.Cpu;

namespace NativeDiffusion.Benchmarks.Layers;

/// <summary>One layer of a network, ready to run here and on ONNX Runtime.</summary>
internal abstract class LayerPair(CpuWorkers workers) : IDisposable
{
    private readonly List<IDisposable> _owned = [];

    /// <summary>The threads that run it here.</summary>
    protected CpuWorkers Workers => workers;

    /// <summary>The peer.</summary>
    protected OnnxLayer? Peer { get; set; }

    /// <summary>Runs the layer here, once.</summary>
    public abstract void Native();

    /// <summary>Runs the layer on ONNX Runtime, once.</summary>
    public void OnnxRuntime() => Peer!.Run();

    public void Dispose()
    {
        Peer?.Dispose();
        _owned.ForEach(owned => owned.Dispose());
    }

    /// <summary>Keeps something until Dispose.</summary>
    protected T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }

    /// <summary>Native memory with random content.</summary>
    protected unsafe float* Memory(long count, int seed = 1, float scale = 1)
    {
        NativeBuffer buffer = Own(new NativeBuffer(count));
        RandomValues.Of(count, scale, seed).CopyTo(new Span<float>(buffer.Pointer, checked((int)count)));
        return buffer.Pointer;
    }
}
