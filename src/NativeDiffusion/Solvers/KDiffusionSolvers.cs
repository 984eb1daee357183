using NativeDiffusion.Solvers.KDiffusion;

namespace NativeDiffusion.Solvers;

/// <summary>k-diffusion's samplers as tables.</summary>
public static class KDiffusionSolvers
{
    private const string Prefix = "sample_";

    private static readonly IReadOnlyList<KSampler> s_samplers =
    [
        new("sample_euler", KArguments.Churn, EulerSampler.Write),
        new("sample_euler_ancestral", KArguments.Ancestral, EulerSampler.WriteAncestral),
        new("sample_heun", KArguments.Churn, HeunSampler.Write),
        new("sample_dpm_2", KArguments.Churn, Dpm2Sampler.Write),
        new("sample_dpm_2_ancestral", KArguments.Ancestral, Dpm2Sampler.WriteAncestral),
        new("sample_lms", KArguments.Order, LmsSampler.Write),
        new("sample_dpmpp_2s_ancestral", KArguments.Ancestral, DpmPlusPlus2SAncestral.Write),
        new("sample_dpmpp_sde", KArguments.Ancestral | KArguments.R, DpmPlusPlusSde.Write),
        new("sample_dpmpp_2m", KArguments.None, DpmPlusPlus2M.Write),
        new("sample_dpmpp_2m_sde", KArguments.Ancestral | KArguments.SolverType, DpmPlusPlus2MSde.Write),
        new("sample_dpmpp_3m_sde", KArguments.Ancestral, DpmPlusPlus3MSde.Write),
    ];

    /// <summary>The samplers' names.</summary>
    public static IReadOnlyList<string> SamplerNames { get; } = [.. s_samplers.Select(sampler => sampler.Name)];

    /// <summary>Creates the table of a sampler.</summary>
    /// <param name="options">The sampler, its noise levels and its arguments.</param>
    /// <exception cref="ArgumentException">The sampler is unknown, or an argument is invalid for it; the message names the argument.</exception>
    public static SolverTable CreateTable(KSamplerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        string name = options.Sampler.StartsWith(Prefix, StringComparison.Ordinal) ? options.Sampler : Prefix + options.Sampler;
        KSampler sampler = s_samplers.FirstOrDefault(known => known.Name == name) ?? throw Refusal.Unknown("sampler", options.Sampler, SamplerNames);
        KArgumentCheck.Check(sampler, options);
        var run = new KRun(name, options);
        sampler.Write(run);
        return run.ToTable();
    }
}
