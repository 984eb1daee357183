namespace NativeDiffusion.Solvers.KDiffusion;

/// <summary>
/// The input of every k-diffusion sampler: σ of each step and the rows so far. The state is x0 + σε. Coefficients are computed in float32, as the
/// samplers do it on their sigma tensors.
/// </summary>
internal sealed class KRun
{
    private readonly KSamplerOptions _options;
    private readonly SolverTableBuilder _table;

    /// <summary>Begins a run.</summary>
    public KRun(string name, KSamplerOptions options)
    {
        _options = options;
        float[] all = [.. options.Sigmas.Select(sigma => (float)sigma)];
        Sigmas = all[options.FirstStep..];
        double[] listed = [.. all.Select(sigma => (double)sigma)];
        _table = new SolverTableBuilder(new SolverTableHead(name, options.Prediction, options.InitNoiseScale ?? Sigmas[0], listed, options.FirstStep));
    }

    /// <summary>The levels from the first step on, the final one included.</summary>
    public float[] Sigmas { get; }

    /// <summary>The number of steps.</summary>
    public int Steps => Sigmas.Length - 1;

    /// <summary>eta.</summary>
    public double Eta => _options.Eta ?? 1;

    /// <summary>s_noise.</summary>
    public double SNoise => _options.SNoise ?? 1;

    /// <summary>The sampler's other arguments.</summary>
    public KSamplerOptions Options => _options;

    /// <summary>A row at a noise level.</summary>
    public SolverRow Row(float sigma, SolverCombination next) => new()
    {
        Timestep = _options.Quantize ? _options.Noise.NearestTimestepOf(sigma) : _options.Noise.TimestepOf(sigma),
        InputScale = 1 / Math.Sqrt((double)sigma * sigma + 1),
        SignalLevel = 1,
        NoiseLevel = sigma,
        Prediction = PredictionWeights.For(_options.Prediction, 1, sigma),
        Next = next,
        AddNoise = new NoiseMix(1, sigma),
    };

    /// <summary>A row at a noise level after which noise is drawn for the interval between two levels.</summary>
    public SolverRow Noisy(float sigma, SolverCombination next, float from, float to) =>
        Row(sigma, next) with { DrawsAfter = true, NoiseFrom = from, NoiseTo = to };

    /// <summary>Appends a row.</summary>
    public void Add(SolverRow row) => _table.Add(row);

    /// <summary>The table.</summary>
    public SolverTable ToTable() => _table.ToTable();
}
