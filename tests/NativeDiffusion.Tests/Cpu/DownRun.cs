using NativeDiffusion.Cpu;
using NativeDiffusion.Testing;
using NativeDiffusion.Verification;

namespace NativeDiffusion.Tests.Cpu;

/// <summary>A product that computes t, prepared once and run with the current rank. Weights, factors and biases beyond the case's rank are NaN.</summary>
internal sealed unsafe class DownRun : IDisposable
{
    private readonly Conv2dCase _layer;
    private readonly List<IDisposable> _owned = [];
    private readonly GuardedBuffer[] _x;
    private readonly float[][] _weights;
    private readonly GuardedBuffer _factor;
    private readonly int _factorStride;
    private readonly GuardedBuffer? _bias;
    private readonly GuardedBuffer? _imageBias;
    private readonly GuardedBuffer? _residual;
    private readonly GemmSegment[] _segments;
    private readonly int* _rank;

    public DownRun(CpuWorkers workers, DownCase sizes)
    {
        _layer = sizes.Layer;
        int reserved = _layer.Outputs;
        _x = [.. _layer.Segments.Select((s, i) => Own(GuardedBuffer.Random(i, (long)_layer.Batch * s.Height * s.Width * s.PixelStride)))];
        _weights = [.. _layer.Segments.Select((s, i) => Weights(100 + i, s, sizes.Rank))];
        _factorStride = sizes.IsShared ? 0 : reserved + 5;
        _factor = Lines(200, sizes.IsShared ? 1 : _layer.Batch, reserved + 5, sizes.Rank);
        _bias = _layer.Bias ? Own(Lines(10, 1, reserved, sizes.Rank)) : null;
        _imageBias = _layer.ImageBias ? Own(Lines(11, _layer.Batch, reserved, sizes.Rank)) : null;
        _residual = _layer.Residual ? Own(Lines(12, _layer.Rows, reserved, sizes.Rank)) : null;
        _segments = [.. _layer.Segments.Select((_, i) => Segment(workers, i))];
        _rank = (int*)Own(new NativeBuffer(1)).Pointer;
        *_rank = sizes.Rank;
    }

    /// <summary>The rank from now on.</summary>
    public void SetRank(int rank) => *_rank = rank;

    /// <summary>t: [rows, reserved + gap], sentinels where nothing is written.</summary>
    public GuardedBuffer Forward(CpuWorkers workers)
    {
        var epilogue = new GemmEpilogue
        {
            Rank = _rank,
            ImageFactor = _factor.Pointer,
            ImageFactorStride = _factorStride,
            Bias = _bias is null ? null : _bias.Pointer,
            ImageBias = _imageBias is null ? null : _imageBias.Pointer,
            ImageBiasStride = _layer.Outputs,
            Residual = _residual is null ? null : _residual.Pointer,
            ResidualStride = _layer.Outputs,
            Activation = _layer.Activation,
        };
        int stride = _layer.Width + _layer.Gap;
        var y = new GuardedBuffer((long)_layer.Rows * stride);
        if (_layer.OutHeight == 1)
            Linear.Forward(workers, _segments, epilogue, y.Pointer, stride, _layer.Batch, _layer.OutWidth, _layer.Outputs);
        else
            Conv2d.Forward(workers, _segments, epilogue, y.Pointer, stride, _layer.Batch, _layer.OutHeight, _layer.OutWidth, _layer.Outputs);
        return y;
    }

    /// <summary>The same in double, NaN beyond the case's rank.</summary>
    public double[] Reference()
    {
        int rowsPerImage = _layer.OutHeight * _layer.OutWidth;
        var sums = new double[_layer.Rows * _layer.Outputs];
        for (int i = 0; i < _x.Length; i++)
            Conv2dReference.Accumulate(_layer.Segments[i], _x[i].Span, _weights[i], sums, _layer.Batch, _layer.OutHeight, _layer.OutWidth, _layer.Outputs);
        ColumnFactorReference.Multiply(sums, _factor.Span, _factorStride, _layer.Rows, rowsPerImage, 0, _layer.Outputs, _layer.Outputs);
        return EpilogueReference.Forward(sums, Span(_bias), Span(_imageBias), Span(_residual), _layer.Activation, _layer.Rows, rowsPerImage, _layer.Outputs);
    }

    public void Dispose()
    {
        _factor.Dispose();
        _owned.ForEach(owned => owned.Dispose());
    }

    private static ReadOnlySpan<float> Span(GuardedBuffer? buffer) => buffer is null ? [] : buffer.Span;

    private static GuardedBuffer Lines(int seed, int lines, int width, int rank)
    {
        GuardedBuffer numbers = GuardedBuffer.Random(seed, (long)lines * width);
        for (int line = 0; line < lines; line++)
            numbers.Span[((line * width) + rank)..((line + 1) * width)].Fill(float.NaN);
        return numbers;
    }

    private float[] Weights(int seed, SegmentCase segment, int rank)
    {
        int row = segment.Channels * segment.Kernel * segment.Kernel;
        using GuardedBuffer weights = GuardedBuffer.Random(seed, (long)_layer.Outputs * row, (float)(1 / Math.Sqrt(_layer.Depth)));
        weights.Span[(rank * row)..].Fill(float.NaN);
        return weights.Span.ToArray();
    }

    private GemmSegment Segment(CpuWorkers workers, int index)
    {
        SegmentCase s = _layer.Segments[index];
        PackedMatrix packed = Own(new PackedMatrix(_layer.Outputs, s.Kernel * s.Kernel, s.Channels, _layer.FormOf(s)));
        packed.Fill(workers, _weights[index], _layer.Outputs, s.Channels, s.Kernel, s.Kernel, 0, s.Channels, []);
        return s.On(_x[index].Pointer, packed);
    }

    private T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }
}
