using NativeDiffusion.Cpu;
using NativeDiffusion.Tensors;
using NativeDiffusion.Testing;
using NativeDiffusion.Verification;

namespace NativeDiffusion.Tests.Cpu;

/// <summary>
/// A layer with random adapters: prepared once, as a plan prepares its calls, and run any number of times with ranks read at run time.
/// Elements beyond every rank (columns of t, depths of Up) are NaN.
/// </summary>
internal sealed unsafe class AdapterRun : IDisposable
{
    private readonly AdapterCase _case;
    private readonly Conv2dCase _layer;
    private readonly List<IDisposable> _owned = [];
    private readonly GuardedBuffer[] _x;
    private readonly float[][] _weights;
    private readonly GuardedBuffer[] _t;
    private readonly float[][] _ups;
    private readonly GuardedBuffer[] _factors;
    private readonly GuardedBuffer? _bias;
    private readonly GuardedBuffer? _imageBias;
    private readonly GuardedBuffer? _residual;
    private readonly GemmSegment[] _segments;
    private readonly int* _ranks;

    public AdapterRun(CpuWorkers workers, AdapterCase sizes)
    {
        _case = sizes;
        _layer = sizes.Layer;
        _x = [.. _layer.Segments.Select((s, i) => Own(GuardedBuffer.Random(i, (long)_layer.Batch * s.Height * s.Width * s.PixelStride)))];
        float scale = (float)(1 / Math.Sqrt(_layer.Depth));
        _weights = [.. _layer.Segments.Select((s, i) => Numbers(100 + i, _layer.Outputs * s.Channels * s.Kernel * s.Kernel, scale))];
        _ups = [.. sizes.Parts.Select((part, i) => Numbers(200 + i, (part.End - part.First) * part.Rank, (float)(1 / Math.Sqrt(Math.Max(part.Rank, 1)))))];
        _t = [.. sizes.Parts.Select((part, i) => Own(Low(300 + i, part)))];
        _factors = [.. sizes.Factors.Select((part, i) => Own(GuardedBuffer.Random(400 + i, FactorStride(part) * (_layer.Batch - 1) + part.End - part.First)))];
        _bias = _layer.Bias ? Own(GuardedBuffer.Random(10, _layer.Outputs)) : null;
        _imageBias = _layer.ImageBias ? Own(GuardedBuffer.Random(11, (long)_layer.Batch * _layer.Outputs)) : null;
        _residual = _layer.Residual ? Own(GuardedBuffer.Random(12, (long)_layer.Rows * _layer.Width)) : null;
        _ranks = (int*)Own(new NativeBuffer(sizes.Parts.Length)).Pointer;
        for (int i = 0; i < sizes.Parts.Length; i++)
            _ranks[i] = sizes.Parts[i].Rank;
        _segments = [.. _layer.Segments.Select((_, i) => Base(workers, i)), .. sizes.Parts.Select((_, i) => Adapter(workers, i))];
    }

    private int RowsPerImage => _layer.OutHeight * _layer.OutWidth;

    /// <summary>The rank of a part from now on, at most that of its case.</summary>
    public void SetRank(int part, int rank) => _ranks[part] = rank;

    /// <summary>Every factor from now on.</summary>
    public void SetFactors(float value)
    {
        foreach (GuardedBuffer factor in _factors)
            factor.Span.Fill(value);
    }

    /// <summary>
    /// y: [rows, width + gap] with sentinels in the gaps, of pictures <paramref name="firstImage"/> …; without <paramref name="slot"/> the layer alone.
    /// </summary>
    public GuardedBuffer Forward(CpuWorkers workers, int firstImage = 0, int images = 0, bool slot = true)
    {
        int batch = images == 0 ? _layer.Batch : images;
        GemmSegment[] segments = slot ? [.. _segments] : _segments[.._layer.Segments.Length];
        for (int i = 0; i < segments.Length; i++)
        {
            segments[i].X += (long)firstImage * segments[i].Height * segments[i].Width * segments[i].PixelStride;
            segments[i].Factors = !slot || segments[i].Factors is not { } factors ? null : [.. factors.Select(factor => new GemmColumnFactor
            {
                Columns = factor.Columns,
                Values = factor.Values + ((long)firstImage * factor.ImageStride),
                ImageStride = factor.ImageStride,
            })];
        }

        // Segments of one layer have the same list.
        foreach (FactorPart part in slot ? _case.Factors : [])
            for (int i = 1; i < part.SegmentCount; i++)
                segments[part.FirstSegment + i].Factors = segments[part.FirstSegment].Factors;
        var epilogue = new GemmEpilogue
        {
            Bias = _bias is null ? null : _bias.Pointer,
            ImageBias = _imageBias is null ? null : _imageBias.Pointer + ((long)firstImage * _layer.Outputs),
            ImageBiasStride = _layer.Outputs,
            Residual = _residual is null ? null : _residual.Pointer + ((long)firstImage * RowsPerImage * _layer.Width),
            ResidualStride = _layer.Width,
            Activation = _layer.Activation,
        };
        int stride = _layer.Width + _layer.Gap;
        var y = new GuardedBuffer((long)batch * RowsPerImage * stride);
        if (_layer.OutHeight == 1)
            Linear.Forward(workers, segments, epilogue, y.Pointer, stride, batch, _layer.OutWidth, _layer.Outputs);
        else
            Conv2d.Forward(workers, segments, epilogue, y.Pointer, stride, batch, _layer.OutHeight, _layer.OutWidth, _layer.Outputs);
        return y;
    }

    /// <summary>The same in double.</summary>
    public double[] Reference()
    {
        int rows = _layer.Rows, outputs = _layer.Outputs;
        var sums = new double[rows * outputs];
        for (int i = 0; i < _x.Length; i++)
        {
            var own = new double[rows * outputs];
            Conv2dReference.Accumulate(_layer.Segments[i], _x[i].Span, _weights[i], own, _layer.Batch, _layer.OutHeight, _layer.OutWidth, outputs);
            for (int j = 0; j < _factors.Length; j++)
            {
                FactorPart part = _case.Factors[j];
                if (i >= part.FirstSegment && i < part.FirstSegment + part.SegmentCount)
                    ColumnFactorReference.Multiply(own, _factors[j].Span, FactorStride(part), rows, RowsPerImage, part.First, part.End, outputs);
            }

            for (int j = 0; j < sums.Length; j++)
                sums[j] += own[j];
        }

        for (int i = 0; i < _t.Length; i++)
        {
            AdapterPart part = _case.Parts[i];
            SegmentReference.Accumulate(_t[i].Span, TStride(part), _ups[i], part.Rank, sums, rows, _ranks[i], part.First, part.End, outputs);
        }

        return EpilogueReference.Forward(sums, Span(_bias), Span(_imageBias), Span(_residual), _layer.Activation, rows, RowsPerImage, outputs);
    }

    /// <summary>The rows without their gaps, in which nothing may have been written.</summary>
    public float[] Compact(GuardedBuffer y)
    {
        y.AssertIntact();
        int stride = _layer.Width + _layer.Gap;
        var compact = new float[y.Count / stride * _layer.Width];
        for (int row = 0; row < y.Count / stride; row++)
        {
            y.Span.Slice(row * stride, _layer.Width).CopyTo(compact.AsSpan(row * _layer.Width));
            foreach (float gap in y.Span.Slice((row * stride) + _layer.Width, _layer.Gap))
                Xunit.Assert.True(GuardedBuffer.IsSentinel(gap), $"Something wrote into the gap after row {row}.");
        }

        return compact;
    }

    public void Dispose() => _owned.ForEach(owned => owned.Dispose());

    private static ReadOnlySpan<float> Span(GuardedBuffer? buffer) => buffer is null ? [] : buffer.Span;

    private static float[] Numbers(int seed, int count, float scale)
    {
        using GuardedBuffer numbers = GuardedBuffer.Random(seed, count, scale);
        return numbers.Span.ToArray();
    }

    // Rows of t are wider than the reserved rank: a view.
    private static int TStride(AdapterPart part) => part.Reserved + 3;

    private static int FactorStride(FactorPart part) => part.IsShared ? 0 : part.End - part.First + 5;

    private T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }

    private GuardedBuffer Low(int seed, AdapterPart part)
    {
        var t = new GuardedBuffer((long)_layer.Rows * TStride(part));
        float[] numbers = Numbers(seed, _layer.Rows * part.Rank, 1);
        for (int row = 0; row < _layer.Rows; row++)
            numbers.AsSpan(row * part.Rank, part.Rank).CopyTo(t.Span[(row * TStride(part))..]);
        return t;
    }

    private GemmSegment Base(CpuWorkers workers, int index)
    {
        SegmentCase s = _layer.Segments[index];
        PackedMatrix packed = Own(new PackedMatrix(_layer.Outputs, s.Kernel * s.Kernel, s.Channels, _layer.FormOf(s)));
        int[] rows = _layer.Activation == Activation.GeGlu ? PackedMatrix.GeGluRows(_layer.Outputs) : [];
        packed.Fill(workers, _weights[index], _layer.Outputs, s.Channels, s.Kernel, s.Kernel, 0, s.Channels, rows);
        GemmColumnFactor[] factors = [.. _case.Factors.Index()
            .Where(part => index >= part.Item.FirstSegment && index < part.Item.FirstSegment + part.Item.SegmentCount)
            .Select(part => new GemmColumnFactor
            {
                Columns = Columns(part.Item.First, part.Item.End),
                Values = _factors[part.Index].Pointer,
                ImageStride = FactorStride(part.Item),
            })];
        return s.On(_x[index].Pointer, packed) with { Factors = factors.Length == 0 ? null : factors };
    }

    private GemmSegment Adapter(CpuWorkers workers, int index)
    {
        AdapterPart part = _case.Parts[index];
        int count = part.End - part.First;
        PackedMatrix up = Own(new PackedMatrix(Columns(part.First, part.End), part.Reserved));
        up.Fill(workers, [.. Enumerable.Repeat(float.NaN, count * part.Reserved)], count, part.Reserved, 1, 1, 0, part.Reserved, []);
        // Two adapters of half the rank each, concatenated in the depth.
        int half = part.Rank / 2;
        up.Fill(workers, _ups[index], count, part.Rank, 1, 1, 0, half, []);
        up.Fill(workers, _ups[index], count, part.Rank, 1, 1, half, part.Rank - half, [], half);
        GemmSegment segment = GemmSegment.Matrix(_t[index].Pointer, part.Reserved, TStride(part), _layer.OutWidth, up);
        segment.Height = _layer.OutHeight;
        segment.Rank = _ranks + index;
        return segment;
    }

    private ColumnRange Columns(int first, int end) => new(first, end, _layer.Outputs, _layer.Activation == Activation.GeGlu);
}
