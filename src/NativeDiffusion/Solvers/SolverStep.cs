using System.Runtime.CompilerServices;

namespace NativeDiffusion.Solvers;

/// <summary>
/// The arithmetic of one row of a solver's table: guidance over the conditions, x0 and ε, the linear combinations. Everything is summed in
/// double, term by term in one order and without fused multiplication, and rounded to float32 once: the same bits on every device. A term whose
/// coefficient is zero is not read. At 16,384 elements it costs less than starting a second thread.
/// </summary>
internal static class SolverStep
{
    /// <summary>What the network gets: x, with churn's noise entered into it where the row has that, times the input scale.</summary>
    /// <param name="row">The row.</param>
    /// <param name="x">The state; changed where the row has churn.</param>
    /// <param name="noise">The noise that the row draws before its evaluation, standard normal; empty where its coefficient is zero.</param>
    /// <param name="input">Takes the network's input, as many numbers as x.</param>
    public static void ModelInput(SolverRow row, Span<float> x, ReadOnlySpan<float> noise, Span<float> input)
    {
        if (row.NoiseBefore != 0)
            for (int i = 0; i < x.Length; i++) x[i] = (float)(x[i] + row.NoiseBefore * noise[i]);
        for (int i = 0; i < x.Length; i++) input[i] = (float)(row.InputScale * x[i]);
    }

    /// <summary>Steps the state of one picture.</summary>
    /// <param name="row">The row.</param>
    /// <param name="state">The state.</param>
    /// <param name="predictions">The network's predictions, one a condition, one after the other, each as long as x.</param>
    /// <param name="guidance">Their weights; the prediction is the weighted sum, rescaled where asked.</param>
    public static void Forward(SolverRow row, in SolverState state, ReadOnlySpan<float> predictions, Guidance guidance)
    {
        int count = state.X.Length;
        ReadOnlySpan<double> weights = guidance.Weights;
        double factor = guidance.Rescale == 0 ? 1 : RescaleFactor(predictions, count, guidance);
        bool rescales = guidance.Rescale != 0, isKnown = !state.Known.IsEmpty;
        (double x0FromX, double x0FromModel, double epsFromX, double epsFromModel) =
            (row.Prediction.X0FromX, row.Prediction.X0FromModel, row.Prediction.EpsFromX, row.Prediction.EpsFromModel);
        (double signal, double level, double storeX0, double storeEps) = (row.SignalLevel, row.NoiseLevel, row.StoreX0, row.StoreEps);
        SolverCombination toNext = row.Next, toSave = row.Save;
        Span<float> stored = row.StoreSlot < 0 ? default : state.Slot(row.StoreSlot);
        for (int i = 0; i < count; i++)
        {
            double m = Combine(predictions, count, weights, i);
            if (rescales) m *= factor;
            double x = state.X[i];
            double x0 = x0FromX * x + x0FromModel * m;
            double eps = epsFromX * x + epsFromModel * m;
            if (isKnown)
            {
                double made = state.Mask[i];
                x0 = made * x0 + (1 - made) * state.Known[i];
                eps = (x - signal * x0) / level;
            }

            double next = Sum(toNext, state, i, x, x0, eps), save = Sum(toSave, state, i, x, x0, eps);
            if (!stored.IsEmpty) stored[i] = (float)(storeX0 * x0 + storeEps * eps);
            state.X[i] = (float)next;
            state.Saved[i] = (float)save;
            state.X0[i] = (float)x0;
        }
    }

    /// <summary>x = mask · x + (1 - mask) · (signal · picture + noise · drawn); without a mask the second part alone.</summary>
    /// <param name="mix">Signal and noise.</param>
    /// <param name="x">The state; replaced.</param>
    /// <param name="picture">A picture's latents, as many numbers as x.</param>
    /// <param name="drawn">Standard normal numbers, as many.</param>
    /// <param name="mask">1 where x stays, 0 where it is replaced; empty to replace all.</param>
    public static void Mix(NoiseMix mix, Span<float> x, ReadOnlySpan<float> picture, ReadOnlySpan<float> drawn, ReadOnlySpan<float> mask)
    {
        for (int i = 0; i < x.Length; i++)
        {
            double mixed = mix.Signal * picture[i] + mix.Noise * drawn[i];
            x[i] = mask.IsEmpty ? (float)mixed : (float)(mask[i] * (double)x[i] + (1 - mask[i]) * mixed);
        }
    }

    /// <summary>
    /// The factor of guidance rescale, arXiv:2305.08891 (equations 15 and 16): share·σ(reference)/σ(guided) + 1 - share, the standard deviations
    /// taken over the picture.
    /// </summary>
    /// <param name="predictions">The predictions, one a condition, one after the other.</param>
    /// <param name="count">Numbers of one prediction.</param>
    /// <param name="guidance">The weights of the guided prediction and of the one whose deviation is kept, and the share.</param>
    public static double RescaleFactor(ReadOnlySpan<float> predictions, int count, Guidance guidance) =>
        guidance.Rescale * (Deviation(predictions, guidance.Reference, count) / Deviation(predictions, guidance.Weights, count)) + (1 - guidance.Rescale);

    private static double Deviation(ReadOnlySpan<float> predictions, ReadOnlySpan<double> weights, int count)
    {
        double sum = 0;
        for (int i = 0; i < count; i++) sum += Combine(predictions, count, weights, i);
        double mean = sum / count, squares = 0;
        for (int i = 0; i < count; i++)
        {
            double centred = Combine(predictions, count, weights, i) - mean;
            squares += centred * centred;
        }

        return Math.Sqrt(squares / (count - 1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Combine(ReadOnlySpan<float> predictions, int count, ReadOnlySpan<double> weights, int i)
    {
        double m = 0;
        for (int k = 0; k < weights.Length; k++)
            if (weights[k] != 0) m += weights[k] * predictions[k * count + i];
        return m;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Sum(in SolverCombination terms, in SolverState state, int i, double x, double x0, double eps)
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
}

/// <summary>What a solver's step reads and writes of one picture, element by element: views of whoever holds the memory.</summary>
internal readonly ref struct SolverState
{
    /// <summary>The state, replaced.</summary>
    public required Span<float> X { get; init; }

    /// <summary>The saved x, replaced.</summary>
    public required Span<float> Saved { get; init; }

    /// <summary>Takes x0.</summary>
    public required Span<float> X0 { get; init; }

    /// <summary>History slot 0; empty until a row writes it.</summary>
    public Span<float> Slot0 { get; init; }

    /// <summary>History slot 1.</summary>
    public Span<float> Slot1 { get; init; }

    /// <summary>History slot 2.</summary>
    public Span<float> Slot2 { get; init; }

    /// <summary>History slot 3.</summary>
    public Span<float> Slot3 { get; init; }

    /// <summary>The noise drawn after the evaluation, or empty where its coefficient is zero.</summary>
    public ReadOnlySpan<float> Noise { get; init; }

    /// <summary>1 where the picture is made, 0 where x0 is known; looked into only where <see cref="Known"/> is not empty.</summary>
    public ReadOnlySpan<float> Mask { get; init; }

    /// <summary>The known x0, or empty.</summary>
    public ReadOnlySpan<float> Known { get; init; }

    /// <summary>A history slot by its number.</summary>
    public Span<float> Slot(int slot) => slot switch
    {
        0 => Slot0,
        1 => Slot1,
        2 => Slot2,
        _ => Slot3,
    };
}
