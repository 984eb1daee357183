using NativeDiffusion.Cpu;
using NativeDiffusion.Solvers;
using NativeDiffusion.Tensors;

namespace NativeDiffusion;

/// <summary>
/// Runs a solver's table on the host, row by row: <see cref="ModelInput"/> gives what the network gets, <see cref="Step"/> takes what it
/// predicted. All tensors are [N, C, H, W] of one shape. Not safe for use by several threads at once.
/// </summary>
public sealed class SolverRun
{
    private readonly SolverStepBuffers _buffers;
    private readonly Tensor _input;
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
        _buffers = new SolverStepBuffers(x);
        _input = new Tensor(x.Shape);
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
    public Tensor X => _buffers.X;

    /// <summary>The x0 of the latest evaluation; a view of the run's own memory.</summary>
    public Tensor X0 => _buffers.X0;

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
        SolverRow row = Row;
        if (row.NoiseBefore != 0 && !_noised)
        {
            Tensor drawn = _buffers.Checked(noise, "The row draws a noise before its evaluation.");
            for (int i = 0; i < drawn.Data.Length; i++) X.Data[i] = (float)(X.Data[i] + row.NoiseBefore * drawn.Data[i]);
        }

        _noised = true;
        for (int i = 0; i < _input.Data.Length; i++) _input.Data[i] = (float)(row.InputScale * X.Data[i]);
        return _input;
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
        if (row.NoiseBefore != 0 && !_noised) throw new InvalidOperationException("ModelInput must be called before Step: the row's churn enters x there.");
        _buffers.Step(
            row, predictions, guidance, row.Next.Noise != 0
            || row.Save.Noise != 0 ? _buffers.Checked(noise, "The row draws a noise after its evaluation.") : null, known);
        RowIndex++;
        _noised = false;
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

    private void Mix(NoiseMix mix, Tensor picture, Tensor noise, Tensor? mask)
    {
        float[] clean = _buffers.Checked(picture, "A picture is needed.").Data, drawn = _buffers.Checked(noise, "A noise is needed.").Data;
        float[]? made = mask is null ? null : _buffers.Checked(mask, "A mask is needed.").Data;
        for (int i = 0; i < clean.Length; i++)
        {
            double mixed = mix.Signal * clean[i] + mix.Noise * drawn[i];
            X.Data[i] = made is null ? (float)mixed : (float)(made[i] * (double)X.Data[i] + (1 - made[i]) * mixed);
        }
    }
}
