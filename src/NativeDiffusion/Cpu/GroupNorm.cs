using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NativeDiffusion.Cpu;

/// <summary>
/// y[n, s, c] = (x[n, s, c] - mean[n, g]) · rstd[n, g] · weight[c] + bias[c], g = c / (C / groups), then optionally SiLU
/// (Wu and He 2018, arXiv:1803.08494); the variance is biased. Lanes are channels.
/// Statistics: a picture is split into ranges of pixels by its size alone. Each range sums x - shift and its square, the
/// shift being the group's mean over the range's first pixels, so nothing cancels if |mean| is far above std; sums of few
/// pixels are kept in float32, all others in double, and ranges are combined in order (Chan et al. 1979).
/// </summary>
internal static unsafe class GroupNorm
{
    private const int Lanes = 16;
    private const int ShiftPixels = 16;
    private const int ChunkPixels = 64;
    private const int MaxStretches = 64;

    /// <summary>
    /// x: [batch, spatial, channels]; x2: null, or [batch, spatial, channels2], the further channels of a concat; weight, bias:
    /// [channels + channels2]; statistics: null, or [batch, groups, 2] mean and variance to use instead of x's own (a tile of a larger
    /// picture); y: [batch, spatial, channels + channels2], may be x without x2.
    /// </summary>
    public static void Forward(
        CpuWorkers workers, float* x, float* x2, float* weight, float* bias, float* statistics, float* y,
        int batch, int channels, int channels2, int spatial, int groups, float epsilon, bool silu)
    {
        if (x2 == null)
            channels2 = 0;
        int all = channels + channels2;
        Debug.Assert(all % groups == 0, "Groups divide the channels.");

        // [batch, groups] of mean and variance in double, then [batch, 3, C] of mean, scale, shift.
        float* affine = Moments(workers, x, x2, statistics, batch, channels, channels2, spatial, groups, 3 * all, out double* moments);
        for (int n = 0; n < batch; n++)
            Affine(moments + ((long)n * groups * 2), weight, bias, all, groups, epsilon, affine + (n * 3L * all));

        RowBlocks.Run(workers, batch * spatial, all, row =>
        {
            float* table = affine + (row / spatial * 3L * all);
            float* to = y + ((long)row * all);
            Apply(x + ((long)row * channels), channels, table, all, to, silu);
            Apply(x2 + ((long)row * channels2), channels2, table + channels, all, to + channels, silu);
        });
    }

    /// <summary>x: [batch, spatial, channels]; y: [batch, groups, 2], the mean and the biased variance of each group.</summary>
    public static void Statistics(CpuWorkers workers, float* x, float* y, int batch, int channels, int spatial, int groups)
    {
        Moments(workers, x, null, null, batch, channels, 0, spatial, groups, 0, out double* moments);
        for (long i = 0; i < (long)batch * groups * 2; i++)
            y[i] = (float)moments[i];
    }

    // Returns [batch, groups] of mean and variance, followed by space for [batch, floats].
    private static float* Moments(
        CpuWorkers workers, float* x, float* x2, float* given, int batch, int channels, int channels2, int spatial, int groups, int floats, out double* moments)
    {
        int all = channels + channels2;
        int pixels = Math.Max(ChunkPixels, (spatial + MaxStretches - 1) / MaxStretches);
        int stretches = (spatial + pixels - 1) / pixels;
        long results = (long)batch * groups * 2;
        double* joined = moments = (double*)workers.Shared((2 * results * (stretches + 1)) + ((long)batch * floats));
        double* statistics = joined + results;
        float* room = (float*)(statistics + (results * stretches));
        if (given != null)
        {
            for (long i = 0; i < results; i++)
                joined[i] = given[i];
            return room;
        }

        workers.Run(batch * stretches, (item, worker) =>
        {
            int n = item / stretches;
            int first = item % stretches * pixels;
            int count = Math.Min(pixels, spatial - first);
            // Per channel: sums and squares in double, shift in float; each array is aligned to a cache line.
            int padded = (all + Lanes - 1) / Lanes * Lanes;
            double* sums = (double*)workers.Scratch(worker, 5L * padded);
            double* squares = sums + padded;
            float* shift = (float*)(squares + padded);
            long row = ((long)n * spatial) + first;
            Shift(x + (row * channels), channels, count, shift);
            Shift(x2 + (row * channels2), channels2, count, shift + channels);
            GroupMeans(shift, all, groups);
            new Span<double>(sums, 2 * padded).Clear();
            Accumulate(x + (row * channels), channels, count, shift, sums, squares);
            Accumulate(x2 + (row * channels2), channels2, count, shift + channels, sums + channels, squares + channels);
            StretchMoments(sums, squares, shift, all, groups, count, statistics + ((long)item * groups * 2));
        }, 16L * batch * spatial * all);

        for (int n = 0; n < batch; n++)
            Join(statistics + ((long)n * stretches * groups * 2), stretches, pixels, spatial, all / groups, groups, joined + ((long)n * groups * 2));
        return room;
    }

    // Per channel: the mean of the first pixels.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Shift(float* x, int channels, int pixels, float* shift)
    {
        pixels = Math.Min(pixels, ShiftPixels);
        Vector512<float> share = Vector512.Create(1f / pixels);
        for (int c = 0; c < channels; c += Lanes)
        {
            int lanes = Math.Min(Lanes, channels - c);
            Vector512<float> sum = Vector512<float>.Zero;
            for (int p = 0; p < pixels; p++)
                sum += VectorMath.LoadPartial(x + ((long)p * channels) + c, lanes);
            VectorMath.StorePartial(sum * share, shift + c, lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void GroupMeans(float* shift, int channels, int groups)
    {
        int size = channels / groups;
        for (int g = 0; g < groups; g++)
        {
            var group = new Span<float>(shift + (g * size), size);
            double sum = 0;
            foreach (float value in group)
                sum += value;
            group.Fill((float)(sum / size));
        }
    }

    // sums[c] += Σ (x - shift), squares[c] += Σ (x - shift)².
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Accumulate(float* x, int channels, int pixels, float* shift, double* sums, double* squares)
    {
        for (int start = 0; start < pixels; start += ChunkPixels)
        {
            float* chunk = x + ((long)start * channels);
            int count = Math.Min(ChunkPixels, pixels - start);
            int c = 0;
            for (; c + (2 * Lanes) <= channels; c += 2 * Lanes)
                AccumulateTwo(chunk + c, channels, count, shift + c, sums + c, squares + c);
            for (; c < channels; c += Lanes)
                AccumulatePartial(chunk + c, channels, count, Math.Min(Lanes, channels - c), shift + c, sums + c, squares + c);
        }
    }

    // Two vectors of channels: four chains of additions, and a pixel's two cache lines.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AccumulateTwo(float* x, int channels, int pixels, float* shift, double* sums, double* squares)
    {
        Vector512<float> shift0 = Vector512.Load(shift), shift1 = Vector512.Load(shift + Lanes);
        Vector512<float> sum0 = default, sum1 = default, squares0 = default, squares1 = default;
        for (int p = 0; p < pixels; p++, x += channels)
        {
            Vector512<float> centred0 = Vector512.Load(x) - shift0, centred1 = Vector512.Load(x + Lanes) - shift1;
            sum0 += centred0;
            sum1 += centred1;
            squares0 = Vector512.FusedMultiplyAdd(centred0, centred0, squares0);
            squares1 = Vector512.FusedMultiplyAdd(centred1, centred1, squares1);
        }

        AddTo(sums, sum0);
        AddTo(sums + Lanes, sum1);
        AddTo(squares, squares0);
        AddTo(squares + Lanes, squares1);
    }

    // The last vectors: lanes beyond the channels are zero, and neither loaded nor stored.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AccumulatePartial(float* x, int channels, int pixels, int lanes, float* shift, double* sums, double* squares)
    {
        Vector512<float> origin = VectorMath.LoadPartial(shift, lanes);
        Vector512<float> sum = default, square = default;
        for (int p = 0; p < pixels; p++, x += channels)
        {
            Vector512<float> centred = VectorMath.LoadPartial(x, lanes) - origin;
            sum += centred;
            square = Vector512.FusedMultiplyAdd(centred, centred, square);
        }

        for (int i = 0; i < lanes; i++)
        {
            sums[i] += sum[i];
            squares[i] += square[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTo(double* place, Vector512<float> values)
    {
        (Vector512<double> lower, Vector512<double> upper) = Vector512.Widen(values);
        (Vector512.Load(place) + lower).Store(place);
        (Vector512.Load(place + (Lanes / 2)) + upper).Store(place + (Lanes / 2));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void StretchMoments(double* sums, double* squares, float* shift, int channels, int groups, int pixels, double* moments)
    {
        int size = channels / groups;
        double count = (double)pixels * size;
        for (int g = 0; g < groups; g++)
        {
            double sum = 0;
            double square = 0;
            for (int c = g * size; c < (g + 1) * size; c++)
            {
                sum += sums[c];
                square += squares[c];
            }

            moments[2 * g] = shift[g * size] + (sum / count);
            moments[(2 * g) + 1] = square - (sum / count * sum);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Join(double* moments, int stretches, int pixels, int spatial, int size, int groups, double* joined)
    {
        for (int g = 0; g < groups; g++)
        {
            double mean = 0;
            double squares = 0;
            double before = 0;
            for (int s = 0; s < stretches; s++)
            {
                double count = (double)Math.Min(pixels, spatial - (s * pixels)) * size;
                double* part = moments + ((((long)s * groups) + g) * 2);
                double delta = part[0] - mean;
                double total = before + count;
                mean += delta * count / total;
                squares += part[1] + (delta * delta * before * count / total);
                before = total;
            }

            joined[2 * g] = mean;
            joined[(2 * g) + 1] = Math.Max(squares, 0) / before;
        }
    }

    // y = (x - mean) · scale + shift: the mean rounded to float32 leaves x - mean exact where it matters, and its rounding error is added to the shift.
    private static void Affine(double* moments, float* weight, float* bias, int channels, int groups, float epsilon, float* table)
    {
        int size = channels / groups;
        for (int g = 0; g < groups; g++)
        {
            double mean = moments[2 * g];
            double rstd = 1 / Math.Sqrt(moments[(2 * g) + 1] + epsilon);
            float rounded = (float)mean;
            for (int c = g * size; c < (g + 1) * size; c++)
            {
                double scale = rstd * weight[c];
                table[c] = rounded;
                table[channels + c] = (float)scale;
                table[(2 * channels) + c] = (float)(bias[c] + ((rounded - mean) * scale));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Apply(float* x, int channels, float* table, int stride, float* y, bool silu)
    {
        int c = 0;
        for (; c + Lanes <= channels; c += Lanes)
        {
            Vector512<float> centred = Vector512.Load(x + c) - Vector512.Load(table + c);
            Vector512<float> result = Vector512.FusedMultiplyAdd(centred, Vector512.Load(table + stride + c), Vector512.Load(table + (2 * stride) + c));
            (silu ? VectorMath.Silu(result) : result).Store(y + c);
        }

        if (c < channels)
        {
            int lanes = channels - c;
            Vector512<float> centred = VectorMath.LoadPartial(x + c, lanes) - VectorMath.LoadPartial(table + c, lanes);
            Vector512<float> result = Vector512.FusedMultiplyAdd(
                centred, VectorMath.LoadPartial(table + stride + c, lanes), VectorMath.LoadPartial(table + (2 * stride) + c, lanes));
            VectorMath.StorePartial(silu ? VectorMath.Silu(result) : result, y + c, lanes);
        }
    }
}
