using NativeDiffusion.Tensors;

namespace NativeDiffusion.Solvers;

/// <summary>
/// Runs a solver's table on the host, row by row: <see cref="ModelInput"/> gives what the network gets, <see cref="Step"/> takes what it
/// predicted. All tensors are [N, C, H, W] of one shape. Not safe for use by several threads at once.
/// </summary>
public sealed class SolverRun
{
    private readonly Tensor _input;
    private readonly Tensor _saved;
    private readonly float[][] _slots = new float[SolverTable.HistorySlots][];
    private float[] _predictions = [];
    private bool _noised;

    /// <summary>Starts at a given first x, which is copied.</summary>
    /// <param name="table">The solver.</param>
    /// <param name="x">The state before the first row: see <see cref="FromNoise"/> and <see cref="FromPicture"/>.</param>
    public SolverRun(SolverTable table, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(x);
        if (x.Shape.Rank < 2 || x.Shape.Count == 0) throw new ArgumentException($"The state is [N, C, H, W], not {x.Shape}.", nameof(x));
        Table = table;
        X = new Tensor(x.Shape, [.. x.Data]);
        X0 = new Tensor(x.Shape);
        _saved = new Tensor(x.Shape);
        _input = new Tensor(x.Shape);
        // History slots are made when a row first writes one.
        Array.Fill(_slots, []);
        if (table.Rows.Count == 0) throw new ArgumentException("The table has no rows.", nameof(table));
    }

    /// <summary>The solver.</summary>
    public SolverTable Table { get; }

    /// <summary>The index of the row that comes next; the number of rows when the run is done.</summary>
    public int RowIndex { get; private set; }

    /// <summary>Whether every row has run.</summary>
    public bool IsDone => RowIndex == Table.Rows.Count;

    /// <summary>The row that comes next.</summary>
    /// <exception cref="InvalidOperationException">The run is done.</exception>
    public SolverRow Row => IsDone ? throw new InvalidOperationException("The run is done: no row is left.") : Table.Rows[RowIndex];

    /// <summary>The state; a view of the run's own memory, which the next row changes. After the last row: the result.</summary>
    public Tensor X { get; }

    /// <summary>The x0 of the latest evaluation; a view of the run's own memory.</summary>
    public Tensor X0 { get; }

    /// <summary>Starts from noise alone: x = InitNoiseScale · noise.</summary>
    /// <param name="table">The solver.</param>
    /// <param name="noise">Standard normal numbers.</param>
    public static SolverRun FromNoise(SolverTable table, Tensor noise)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(noise);
        return new SolverRun(table, new Tensor(noise.Shape, Array.ConvertAll(noise.Data, n => (float)(table.InitNoiseScale * n))));
    }

    /// <summary>Starts from a picture's latents, noised to the level of the first row.</summary>
    /// <param name="table">The solver, made with a strength.</param>
    /// <param name="picture">The latents.</param>
    /// <param name="noise">Standard normal numbers.</param>
    public static SolverRun FromPicture(SolverTable table, Tensor picture, Tensor noise)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(picture);
        var run = new SolverRun(table, picture);
        run.Mix(table.InitPictureMix, picture, noise, mask: null);
        return run;
    }

    /// <summary>What the network gets for the coming row: the state, with churn's noise in it where the row has that, times the input scale.</summary>
    /// <param name="noise">The noise that the row draws before the evaluation; needed only where its coefficient is not zero.</param>
    /// <returns>A view of the run's own memory.</returns>
    /// <exception cref="ArgumentException">The row needs a noise and none was given.</exception>
    public Tensor ModelInput(Tensor? noise = null)
    {
        bool draws = Row.NoiseBefore != 0 && !_noised;
        WriteModelInput(draws ? Checked(noise, "The row draws a noise before its evaluation.").Data : [], _input.Data);
        return _input;
    }

    /// <summary>The same into memory of the caller's.</summary>
    /// <param name="noise">As many numbers as the state has, or none where the coefficient is zero.</param>
    /// <param name="input">Takes as many.</param>
    internal void WriteModelInput(ReadOnlySpan<float> noise, Span<float> input)
    {
        // Called twice for a row, it must not enter the noise twice.
        SolverStep.ModelInput(_noised ? Row with { NoiseBefore = 0 } : Row, X.Data, noise, input);
        _noised = true;
    }

    /// <summary>Takes the network's predictions and steps to the next row.</summary>
    /// <param name="predictions">One a condition, in the guidance's order.</param>
    /// <param name="guidance">How they become one.</param>
    /// <param name="noise">The noise that the row draws after the evaluation; needed only where its coefficient is not zero.</param>
    /// <param name="known">Where x0 is known and replaced before the row is applied (A1111's way of inpainting), or null.</param>
    /// <exception cref="ArgumentException">A tensor is missing or has another shape.</exception>
    public void Step(IReadOnlyList<Tensor> predictions, Guidance guidance, Tensor? noise = null, KnownRegion? known = null)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(guidance);
        SolverRow row = Row;
        bool draws = row.Next.Noise != 0 || row.Save.Noise != 0;
        float[] drawn = draws ? Checked(noise, "The row draws a noise after its evaluation.").Data : [];
        foreach (Tensor prediction in predictions) Checked(prediction, "A prediction is needed for every condition.");
        if (known is not null)
        {
            Checked(known.Mask, "A mask is needed.");
            Checked(known.Picture, "A picture is needed.");
        }

        // Pictures one by one: a rescale takes each picture's deviation by itself.
        int pictures = X.Shape[0], size = X.Data.Length / pictures;
        if (_predictions.Length < predictions.Count * size) _predictions = new float[predictions.Count * size];
        for (int n = 0; n < pictures; n++)
        {
            for (int k = 0; k < predictions.Count; k++) predictions[k].Data.AsSpan(n * size, size).CopyTo(_predictions.AsSpan(k * size));
            StepSamples(n * size, size, _predictions.AsSpan(0, predictions.Count * size), guidance, draws ? drawn.AsSpan(n * size, size) : [], known);
        }

        Next();
    }

    /// <summary>The same for a run of one picture, over memory of the caller's.</summary>
    /// <param name="predictions">One a condition, in the guidance's order, one after the other.</param>
    /// <param name="guidance">How they become one.</param>
    /// <param name="noise">As many numbers as the state has, or none where the coefficients are zero.</param>
    /// <param name="known">Where x0 is known, or null.</param>
    internal void StepPicture(ReadOnlySpan<float> predictions, Guidance guidance, ReadOnlySpan<float> noise, KnownRegion? known)
    {
        StepSamples(0, X.Data.Length, predictions, guidance, noise, known);
        Next();
    }

    /// <summary>
    /// Puts a known picture back into x between rows (diffusers' way of inpainting with an ordinary model): outside the mask x becomes the
    /// picture noised to the coming row's level, after the last row the picture itself.
    /// </summary>
    /// <param name="known">The mask and the picture.</param>
    /// <param name="noise">The noise of the whole run.</param>
    public void KeepKnown(KnownRegion known, Tensor noise)
    {
        ArgumentNullException.ThrowIfNull(known);
        Mix(IsDone ? new NoiseMix(1, 0) : Row.AddNoise, known.Picture, noise, known.Mask);
    }

    private void StepSamples(int start, int size, ReadOnlySpan<float> predictions, Guidance guidance, ReadOnlySpan<float> noise, KnownRegion? known)
    {
        SolverRow row = Row;
        if (row.NoiseBefore != 0 && !_noised) throw new InvalidOperationException("ModelInput must be called before Step: the row's churn enters x there.");
        if (predictions.Length != guidance.Weights.Length * size)
            throw new ArgumentException(
                $"The guidance has {guidance.Weights.Length} weights, but {predictions.Length / size} predictions were given.", nameof(predictions));
        if (row.StoreSlot >= 0 && _slots[row.StoreSlot].Length == 0) _slots[row.StoreSlot] = new float[X.Data.Length];
        var state = new SolverState
        {
            X = X.Data.AsSpan(start, size),
            Saved = _saved.Data.AsSpan(start, size),
            X0 = X0.Data.AsSpan(start, size),
            Slot0 = Slot(0),
            Slot1 = Slot(1),
            Slot2 = Slot(2),
            Slot3 = Slot(3),
            Noise = noise,
            Mask = known is null ? default : known.Mask.Data.AsSpan(start, size),
            Known = known is null ? default : known.Picture.Data.AsSpan(start, size),
        };
        SolverStep.Forward(row, state, predictions, guidance);

        Span<float> Slot(int slot) => _slots[slot].Length == 0 ? default : _slots[slot].AsSpan(start, size);
    }

    private void Next()
    {
        RowIndex++;
        _noised = false;
    }

    private void Mix(NoiseMix mix, Tensor picture, Tensor noise, Tensor? mask) => SolverStep.Mix(
        mix, X.Data, Checked(picture, "A picture is needed.").Data, Checked(noise, "A noise is needed.").Data,
        mask is null ? default : Checked(mask, "A mask is needed.").Data);

    private Tensor Checked(Tensor? tensor, string need)
    {
        if (tensor is null) throw new ArgumentException($"{need} A tensor of shape {X.Shape} must be given.", nameof(tensor));
        if (tensor.Shape != X.Shape) throw new ArgumentException($"{need} Its shape must be {X.Shape}, but {tensor.Shape} was given.", nameof(tensor));
        return tensor;
    }
}
