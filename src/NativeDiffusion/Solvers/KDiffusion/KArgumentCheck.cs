namespace NativeDiffusion.Solvers.KDiffusion;

/// <summary>Rejects, by the argument's name, what a sampler does not have and invalid values.</summary>
internal static class KArgumentCheck
{
    /// <summary>Checks.</summary>
    /// <exception cref="ArgumentException">The message names the argument.</exception>
    public static void Check(KSampler sampler, KSamplerOptions options)
    {
        Takes(KArguments.Ancestral, options.Eta is not null, "eta");
        Takes(KArguments.Ancestral | KArguments.Churn, options.SNoise is not null, "s_noise");
        Takes(KArguments.Churn, options.SChurn is not null, "s_churn");
        Takes(KArguments.Churn, options.STmin is not null, "s_tmin");
        Takes(KArguments.Churn, options.STmax is not null, "s_tmax");
        Takes(KArguments.Order, options.Order is not null, "order");
        Takes(KArguments.SolverType, options.SolverType is not null, "solver_type");
        Takes(KArguments.R, options.R is not null, "r");
        NotNegative(options.Eta, "eta");
        NotNegative(options.SNoise, "s_noise");
        NotNegative(options.SChurn, "s_churn");
        Refusal.When(options.Order is < 1 or > SolverTable.HistorySlots + 1, "order", $"{options.Order} is not from 1 to {SolverTable.HistorySlots + 1}");
        Refusal.When(options.R is { } r && !(r is > 0 and <= 1), "r", "it is not above 0 and at most 1");
        if (options.SolverType is not (null or "midpoint" or "heun")) throw Refusal.Unknown("solver_type", options.SolverType, "midpoint", "heun");
        Refusal.When(
            options.FirstStep < 0
            || options.FirstStep > options.Sigmas.Count - 2, "strength", $"step {options.FirstStep} is not one of the {options.Sigmas.Count - 1} steps");
        for (int i = 0; i < options.Sigmas.Count; i++)
        {
            double sigma = options.Sigmas[i];
            Refusal.When(!double.IsFinite(sigma) || sigma < 0, "sigmas", $"entry {i} is not a finite number of zero or more");
            Refusal.When(i > 0 && !(sigma < options.Sigmas[i - 1]), "sigmas", $"they must be descending, but entry {i} is not below the preceding one");
        }

        void Takes(KArguments arguments, bool given, string name) =>
            Refusal.When(given && (sampler.Arguments & arguments) == 0, name, $"{sampler.Name} does not have this argument");
    }

    private static void NotNegative(double? value, string name) =>
        Refusal.When(value is { } number && !(number >= 0 && double.IsFinite(number)), name, "it is not a number of zero or more");
}
