using NativeDiffusion.Cpu;
using NativeDiffusion.Tensors;
using NativeDiffusion.Testing;
using NativeDiffusion.Verification;

namespace NativeDiffusion.Tests.Cpu;

/// <summary>Inputs of a convolution's or linear layer's case, and both ways to run it.</summary>
internal sealed unsafe class Conv2dRun : IDisposable
{
    private readonly Conv2dCase _case;
    private readonly GuardedBuffer[] _x;
    private readonly float[][] _weights;
    private readonly GuardedBuffer? _bias;
    private readonly GuardedBuffer? _imageBias;
    private readonly GuardedBuffer? _residual;

    public Conv2dRun(Conv2dCase sizes)
    {
        _case = sizes;
        _x = [.. sizes.Segments.Select((s, i) => GuardedBuffer.Random(i, (long)sizes.Batch * s.Height * s.Width * s.PixelStride))];
        _weights = [.. sizes.Segments.Select((s, i) => Weights(100 + i, (long)sizes.Outputs * s.Channels * s.Kernel * s.Kernel))];
        _bias = sizes.Bias ? GuardedBuffer.Random(10, sizes.Outputs) : null;
        _imageBias = sizes.ImageBias ? GuardedBuffer.Random(11, (long)sizes.Batch * sizes.Outputs) : null;
        _residual = sizes.Residual ? GuardedBuffer.Random(12, (long)sizes.Rows * sizes.Width) : null;
    }

    /// <summary>y: [rows, width + gap] with sentinels in the gaps. Runs pictures <paramref name="firstImage"/> … of the batch.</summary>
    public GuardedBuffer Forward(CpuWorkers workers, int firstImage = 0, int images = 0)
    {
        int batch = images == 0 ? _case.Batch : images;
        var packed = new List<PackedMatrix>();
        var segments = new GemmSegment[_case.Segments.Length];
        for (int i = 0; i < segments.Length; i++)
        {
            SegmentCase s = _case.Segments[i];
            packed.Add(new PackedMatrix(_case.Outputs, s.Kernel * s.Kernel, s.Channels, _case.FormOf(s)));
            int[] rows = _case.Activation == Activation.GeGlu ? PackedMatrix.GeGluRows(_case.Outputs) : [];
            packed[i].Fill(workers, _weights[i], _case.Outputs, s.Channels, s.Kernel, s.Kernel, 0, s.Channels, rows);
            segments[i] = s.On(_x[i].Pointer + ((long)firstImage * s.Height * s.Width * s.PixelStride), packed[i]);
        }

        int firstRow = firstImage * _case.OutHeight * _case.OutWidth;
        var epilogue = new GemmEpilogue
        {
            Bias = _bias is null ? null : _bias.Pointer,
            ImageBias = _imageBias is null ? null : _imageBias.Pointer + ((long)firstImage * _case.Outputs),
            ImageBiasStride = _case.Outputs,
            Residual = _residual is null ? null : _residual.Pointer + ((long)firstRow * _case.Width),
            ResidualStride = _case.Width,
            Activation = _case.Activation,
        };
        var y = new GuardedBuffer((long)batch * _case.OutHeight * _case.OutWidth * (_case.Width + _case.Gap));
        if (_case.OutHeight == 1 && _case.Batch == 1)
            Linear.Forward(workers, segments, epilogue, y.Pointer, _case.Width + _case.Gap, _case.OutWidth, _case.Outputs);
        else
            Conv2d.Forward(workers, segments, epilogue, y.Pointer, _case.Width + _case.Gap, batch, _case.OutHeight, _case.OutWidth, _case.Outputs);
        packed.ForEach(matrix => matrix.Dispose());
        return y;
    }

    /// <summary>The linear layer twice, side by side in one packed matrix: y [rows, 2 · outputs].</summary>
    public GuardedBuffer ForwardJoined(CpuWorkers workers)
    {
        int outputs = _case.Outputs;
        int channels = _case.Segments[0].Channels;
        using var packed = new PackedMatrix(2 * outputs, 1, channels);
        packed.Fill(workers, _weights[0], outputs, channels, 1, 1, 0, channels, []);
        packed.Fill(workers, _weights[0], outputs, channels, 1, 1, 0, channels, [.. Enumerable.Range(outputs, outputs)]);
        using GuardedBuffer bias = GuardedBuffer.Of([.. _bias!.Span, .. _bias.Span]);
        var y = new GuardedBuffer((long)_case.Rows * 2 * outputs);
        Linear.Forward(
            workers, [GemmSegment.Matrix(_x[0].Pointer, channels, channels, _case.Rows, packed)], new GemmEpilogue { Bias = bias.Pointer }, y.Pointer,
                2 * outputs, _case.Rows, 2 * outputs);
        return y;
    }

    public double[] Reference()
    {
        var sums = new double[_case.Rows * _case.Outputs];
        for (int i = 0; i < _x.Length; i++)
            Conv2dReference.Accumulate(_case.Segments[i], _x[i].Span, _weights[i], sums, _case.Batch, _case.OutHeight, _case.OutWidth, _case.Outputs);
        return EpilogueReference.Forward(
            sums, Span(_bias), Span(_imageBias), Span(_residual), _case.Activation, _case.Rows, _case.OutHeight * _case.OutWidth, _case.Outputs);
    }

    /// <summary>The rows without their gaps.</summary>
    public float[] Compact(GuardedBuffer y)
    {
        int stride = _case.Width + _case.Gap;
        var compact = new float[y.Count / stride * _case.Width];
        for (int row = 0; row < y.Count / stride; row++)
            y.Span.Slice(row * stride, _case.Width).CopyTo(compact.AsSpan(row * _case.Width));
        return compact;
    }

    public void Dispose()
    {
        foreach (GuardedBuffer x in _x)
            x.Dispose();
        _bias?.Dispose();
        _imageBias?.Dispose();
        _residual?.Dispose();
    }

    private static ReadOnlySpan<float> Span(GuardedBuffer? buffer) => buffer is null ? [] : buffer.Span;

    // Fan-in scaling: sums have the inputs' magnitude at any depth.
    private float[] Weights(int seed, long count)
    {
        using GuardedBuffer weights = GuardedBuffer.Random(seed, count, (float)(1 / Math.Sqrt(_case.Depth)));
        return weights.Span.ToArray();
    }
}
