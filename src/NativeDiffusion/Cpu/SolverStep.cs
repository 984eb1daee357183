using System.Runtime.CompilerServices;

namespace NativeDiffusion.Cpu;

/// <summary>
/// One row of a solver's table: guidance over the conditions, x0 and ε, the linear combinations. Everything is summed in double, term by
/// term in one order and without fused multiplication, and rounded to float32 once: the same bits on every device and for any number of
/// threads. A term whose coefficient is zero is not read. At 16,384 elements it costs less than starting a second thread.
/// </summary>
internal static unsafe class SolverStep
{
    /// <summary>Steps the state.</summary>
    /// <param name="row">The row.</param>
    /// <param name="state">The state, count elements in each buffer.</param>
    /// <param name="predictions">The network's predictions, one a condition, count elements each.</param>
    /// <param name="weights">Their weights; the prediction is the weighted sum.</param>
    /// <param name="rescale">For each picture, what its prediction is then multiplied by (guidance rescale); null for one.</param>
    /// <param name="count">Elements of the whole batch.</param>
    /// <param name="pictures">Pictures in the batch.</param>
    public static void Forward(
        in SolverStepRow row, in SolverStepState state, float** predictions, ReadOnlySpan<double> weights, double* rescale, int count, int pictures)
    {
        int size = count / pictures;
        for (int i = 0; i < count; i++)
        {
            double m = Combine(predictions, weights, i);
            if (rescale != null) m *= rescale[i / size];
            double x = state.X[i];
            double x0 = row.X0FromX * x + row.X0FromModel * m;
            double eps = row.EpsFromX * x + row.EpsFromModel * m;
            if (state.Mask != null)
            {
                double made = state.Mask[i];
                x0 = made * x0 + (1 - made) * state.Known[i];
                eps = (x - row.SignalLevel * x0) / row.NoiseLevel;
            }

            double next = Sum(row.Next, state, i, x, x0, eps), save = Sum(row.Save, state, i, x, x0, eps);
            if (row.StoreSlot >= 0) Slot(state, row.StoreSlot)[i] = (float)(row.StoreX0 * x0 + row.StoreEps * eps);
            state.X[i] = (float)next;
            state.Saved[i] = (float)save;
            state.X0[i] = (float)x0;
        }
    }

    /// <summary>
    /// The factors of guidance rescale, arXiv:2305.08891 (equations 15 and 16): share·σ(reference)/σ(guided) + 1 - share, the standard deviations
    /// taken over each picture.
    /// </summary>
    /// <param name="predictions">The predictions, one a condition, pictures · size elements each.</param>
    /// <param name="weights">The weights of the guided prediction.</param>
    /// <param name="reference">The weights of the prediction whose deviation is kept: the positive prompt's.</param>
    /// <param name="share">How far to go: 0 for nothing, 1 for all the way.</param>
    /// <param name="factors">One for each picture.</param>
    /// <param name="pictures">Pictures in the batch.</param>
    /// <param name="size">Elements of a picture.</param>
    public static void RescaleFactors(
        float** predictions, ReadOnlySpan<double> weights, ReadOnlySpan<double> reference, double share, double* factors, int pictures, int size)
    {
        for (int n = 0; n < pictures; n++)
            factors[n] = share * (Deviation(predictions, reference, n * size, size) / Deviation(predictions, weights, n * size, size)) + (1 - share);
    }

    private static double Deviation(float** predictions, ReadOnlySpan<double> weights, int start, int size)
    {
        double sum = 0;
        for (int i = start; i < start + size; i++) sum += Combine(predictions, weights, i);
        double mean = sum / size, squares = 0;
        for (int i = start; i < start + size; i++)
        {
            double centred = Combine(predictions, weights, i) - mean;
            squares += centred * centred;
        }

        return Math.Sqrt(squares / (size - 1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Combine(float** predictions, ReadOnlySpan<double> weights, int i)
    {
        double m = 0;
        for (int k = 0; k < weights.Length; k++)
            if (weights[k] != 0) m += weights[k] * predictions[k][i];
        return m;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Sum(in SolverStepTerms terms, in SolverStepState state, int i, double x, double x0, double eps)
    {
        double sum = 0;
        if (terms.X != 0) sum += terms.X * x;
        if (terms.Saved != 0) sum += terms.Saved * state.Saved[i];
        if (terms.X0 != 0) sum += terms.X0 * x0;
        if (terms.Eps != 0) sum += terms.Eps * eps;
        if (terms.Slot0 != 0) sum += terms.Slot0 * state.Slot0[i];
        if (terms.Slot1 != 0) sum += terms.Slot1 * state.Slot1[i];
        if (terms.Slot2 != 0) sum += terms.Slot2 * state.Slot2[i];
        if (terms.Slot3 != 0) sum += terms.Slot3 * state.Slot3[i];
        if (terms.Noise != 0) sum += terms.Noise * state.Noise[i];
        return sum;
    }

    private static float* Slot(in SolverStepState state, int slot) => slot switch
    {
        0 => state.Slot0,
        1 => state.Slot1,
        2 => state.Slot2,
        _ => state.Slot3,
    };
}
