namespace NativeDiffusion.Solvers;

/// <summary>
/// The noise levels of training: β, ᾱ and σ = √((1-ᾱ)/ᾱ) for every training timestep, as float32 numbers, as in
/// the references (DDPM arXiv:2006.11239). Immutable.
/// </summary>
public sealed class NoiseSchedule
{
    // The smallest positive half-precision number: diffusers' replacement of a last ᾱ of zero.
    private const float SmallestHalf = 5.9604645e-8f;
    private const int MostTimesteps = 100_000;
    private readonly float[] _alphasCumprod;
    private readonly float[] _sigmas;
    private readonly float[] _logSigmas;

    private NoiseSchedule(float[] alphasCumprod, float[] sigmas)
    {
        _alphasCumprod = alphasCumprod;
        _sigmas = sigmas;
        _logSigmas = Array.ConvertAll(sigmas, Float32.Log);
    }

    /// <summary>The number of training timesteps.</summary>
    public int Count => _alphasCumprod.Length;

    /// <summary>ᾱ of every training timestep.</summary>
    public ReadOnlySpan<float> AlphasCumprod => _alphasCumprod;

    /// <summary>σ of every training timestep, ascending.</summary>
    public ReadOnlySpan<float> Sigmas => _sigmas;

    /// <summary>ln σ of every training timestep, rounded to float32.</summary>
    public ReadOnlySpan<float> LogSigmas => _logSigmas;

    /// <summary>The schedule as diffusers computes it: β in float32, the product in double, rounded entry by entry.</summary>
    /// <param name="betas">β of every training timestep.</param>
    /// <param name="zeroSnr">Whether β is rescaled so that the last timestep has zero SNR (arXiv:2305.08891).</param>
    /// <param name="keepLastFinite">Whether the last ᾱ then becomes the smallest half-precision number, as the sigma-based schedulers do it.</param>
    /// <exception cref="ArgumentException">No β, or one outside [0, 1].</exception>
    public static NoiseSchedule FromBetas(IReadOnlyList<float> betas, bool zeroSnr = false, bool keepLastFinite = false)
    {
        ArgumentNullException.ThrowIfNull(betas);
        if (betas.Count == 0) throw new ArgumentException("num_train_timesteps: a noise schedule needs at least one beta.", nameof(betas));
        if (betas.Any(beta => !(beta is >= 0 and <= 1))) throw new ArgumentException("trained_betas: every beta must be from 0 to 1.", nameof(betas));
        float[] alphas = [.. betas.Select(beta => 1f - beta)];
        float[] cumulative = CumulativeProduct(alphas);
        if (zeroSnr)
        {
            cumulative = CumulativeProduct([.. RescaledBetas(cumulative).Select(beta => 1f - beta)]);
            if (keepLastFinite) cumulative[^1] = SmallestHalf;
        }

        return new NoiseSchedule(cumulative, Array.ConvertAll(cumulative, alpha => MathF.Sqrt((1f - alpha) / alpha)));
    }

    /// <summary>
    /// The schedule as LDM, A1111 and k-diffusion compute it: β = the squares of a linspace of roots, and their product, in double; ᾱ rounded to float32, σ
    /// from that.
    /// </summary>
    /// <param name="betaStart">The first β: 0.00085 for Stable Diffusion 1.5.</param>
    /// <param name="betaEnd">The last β: 0.012.</param>
    /// <param name="count">The training timesteps: 1000.</param>
    public static NoiseSchedule ForKDiffusion(double betaStart = 0.00085, double betaEnd = 0.012, int count = 1000)
    {
        float[] cumulative = Array.ConvertAll(DoubleAlphas(betaStart, betaEnd, count), alpha => (float)alpha);
        return new NoiseSchedule(cumulative, Array.ConvertAll(cumulative, alpha => MathF.Sqrt((1f - alpha) / alpha)));
    }

    /// <summary>The schedule as ComfyUI computes it: as k-diffusion's, but σ is computed from ᾱ in double and rounded once.</summary>
    /// <param name="betaStart">The first β: 0.00085 for Stable Diffusion 1.5.</param>
    /// <param name="betaEnd">The last β: 0.012.</param>
    /// <param name="count">The training timesteps: 1000.</param>
    public static NoiseSchedule ForComfy(double betaStart = 0.00085, double betaEnd = 0.012, int count = 1000)
    {
        double[] alphas = DoubleAlphas(betaStart, betaEnd, count);
        return new NoiseSchedule(Array.ConvertAll(alphas, alpha => (float)alpha), Array.ConvertAll(alphas, alpha => (float)Math.Sqrt((1 - alpha) / alpha)));
    }

    /// <summary>σ at a fractional timestep, linear in σ (numpy's interp, as in diffusers); clamped at both ends.</summary>
    /// <param name="timestep">From 0 to <see cref="Count"/> - 1.</param>
    public double SigmaAt(double timestep)
    {
        if (timestep <= 0) return _sigmas[0];
        if (timestep >= Count - 1) return _sigmas[^1];
        int low = (int)timestep;
        return low == timestep ? _sigmas[low] : ((double)_sigmas[low + 1] - _sigmas[low]) * (timestep - low) + _sigmas[low];
    }

    /// <summary>σ at a fractional timestep, linear in ln σ and in float32 (k-diffusion's t_to_sigma).</summary>
    /// <param name="timestep">From 0 to <see cref="Count"/> - 1.</param>
    public float SigmaAtLogarithmic(float timestep)
    {
        int low = Math.Clamp((int)MathF.Floor(timestep), 0, Count - 1), high = Math.Clamp((int)MathF.Ceiling(timestep), 0, Count - 1);
        float w = timestep - MathF.Floor(timestep);
        return Float32.Exp((1f - w) * _logSigmas[low] + w * _logSigmas[high]);
    }

    /// <summary>
    /// The timestep of a noise level, linear in ln σ, clamped at both ends. The table of logarithms is float32, the rest is double,
    /// which decides between 998.99998 and 999 at the upper end.
    /// </summary>
    /// <param name="sigma">A noise level.</param>
    public double TimestepOf(double sigma)
    {
        double log = Elementary.Log(Math.Max(sigma, 1e-10));
        int low = Math.Min(LastAtOrBelow(log), Count - 2);
        if (low < 0) return 0;
        double w = (_logSigmas[low] - log) / (_logSigmas[low] - _logSigmas[low + 1]);
        w = Math.Clamp(w, 0, 1);
        return (1 - w) * low + w * (low + 1);
    }

    /// <summary>The integer timestep whose noise level is nearest in ln σ (k-diffusion's quantised form; ComfyUI's only one).</summary>
    /// <param name="sigma">A noise level.</param>
    public int NearestTimestepOf(float sigma)
    {
        float log = Float32.Log(sigma);
        int nearest = 0;
        for (int i = 1; i < Count; i++)
            if (MathF.Abs(log - _logSigmas[i]) < MathF.Abs(log - _logSigmas[nearest])) nearest = i;
        return nearest;
    }

    /// <summary>Rejects unreasonable numbers of training timesteps before memory is allocated.</summary>
    internal static void CheckCount(int count) =>
        Refusal.When(count is < 2 or > MostTimesteps, "num_train_timesteps", $"{count} is not from 2 to {MostTimesteps}");

    private static double[] DoubleAlphas(double betaStart, double betaEnd, int count)
    {
        CheckCount(count);
        Refusal.When(!(betaStart is > 0 and < 1) || !(betaEnd is > 0 and < 1), "beta_start", "beta_start and beta_end must be between 0 and 1");
        double[] roots = Linspace.Doubles(Math.Sqrt(betaStart), Math.Sqrt(betaEnd), count);
        double product = 1;
        return Array.ConvertAll(roots, root => product *= 1 - root * root);
    }

    private static float[] CumulativeProduct(float[] alphas)
    {
        double product = 1;
        return Array.ConvertAll(alphas, alpha => (float)(product *= alpha));
    }

    // Algorithm 1 of arXiv:2305.08891: √ᾱ is shifted so that its last entry is zero and scaled so that its first one is unchanged.
    private static float[] RescaledBetas(float[] alphasCumprod)
    {
        float[] root = Array.ConvertAll(alphasCumprod, MathF.Sqrt);
        float first = root[0], last = root[^1];
        float scale = first / (first - last);
        float[] rescaled = Array.ConvertAll(root, value => (value - last) * scale);
        float[] bar = Array.ConvertAll(rescaled, value => value * value);
        float[] betas = new float[bar.Length];
        for (int i = 0; i < bar.Length; i++) betas[i] = 1f - (i == 0 ? bar[0] : bar[i] / bar[i - 1]);
        return betas;
    }

    private int LastAtOrBelow(double log)
    {
        for (int i = Count - 1; i > 0; i--)
            if (log >= _logSigmas[i]) return i;
        return 0;
    }
}
