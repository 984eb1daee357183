using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Cuda.Kernels;

namespace NativeDiffusion.Benchmarks.Executor;

/// <summary>The kernels through their launchers, on memory of the card's own.</summary>
internal sealed class KernelLaunches(VirtualCard card) : IDisposable
{
    private const int Groups = 32;
    private readonly Dictionary<GemmVariant, GemmKernel> _products = [];
    private readonly GroupNormKernel _groupNorm = new(card.Loader);
    private readonly SoftmaxKernel _softmax = new(card.Loader);
    private readonly PhiloxNormalKernel _philox = new(card.Loader);

    public void Gemm(int rows, int depth, int outputs)
    {
        bool isAligned = depth % 8 == 0 && outputs % 4 == 0;
        GemmVariant variant = GemmVariant.Choose(rows, outputs, isAligned, isFloat: false, card.Context.Device);
        if (!_products.TryGetValue(variant, out GemmKernel? kernel)) _products.Add(variant, kernel = new GemmKernel(card.Loader, variant));
        var segment = new GemmSegment
        {
            A = card.Memory(0, 2L * rows * depth),
            B = card.Memory(1, 2L * outputs * depth),
            AStride = depth,
            BStride = depth,
            Depth = depth,
        };
        var epilogue = new GemmEpilogue { Bias = card.Memory(2, 4L * outputs) };
        kernel.Launch(card.Stream, new GemmSegments(segment), epilogue, card.Memory(3, 2L * rows * outputs), outputs, rows, outputs);
    }

    public void GroupNorm(int batch, int channels, int spatial)
    {
        long work = GroupNormKernel.WorkspaceBytes(card.Context.Device, batch, channels, 0, spatial, Groups);
        _groupNorm.Launch(
            card.Stream, card.Memory(0, 2L * batch * spatial * channels), default, card.Memory(1, 4L * channels), card.Memory(2, 4L * channels),
            card.Memory(3, 2L * batch * spatial * channels), work > 0 ? card.Memory(4, work) : default, batch, channels, 0, spatial, Groups, 1e-5f, silu: true);
    }

    public void Softmax(int rows, int columns) =>
        _softmax.Launch(card.Stream, card.Memory(0, 2L * rows * columns), card.Memory(3, 2L * rows * columns), rows, columns, 1);

    public void Philox(int count) => _philox.LaunchNv(card.Stream, card.Memory(3, 4L * count), 42, 0, count);

    public void Dispose()
    {
        foreach (GemmKernel kernel in _products.Values) kernel.Dispose();
        _groupNorm.Dispose();
        _softmax.Dispose();
        _philox.Dispose();
    }
}
