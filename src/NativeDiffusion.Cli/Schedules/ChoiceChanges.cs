using System.Globalization;
using NativeDiffusion.Solvers;

namespace NativeDiffusion.Cli.Schedules;

/// <summary>A second choice as differences from the first: <c>sampler=Euler a, steps=30</c>.</summary>
internal static class ChoiceChanges
{
    /// <summary>Applies changes.</summary>
    /// <exception cref="CliException">A change is not of the form key=value, or its key or value is invalid.</exception>
    public static SolverChoice Apply(SolverChoice choice, string changes)
    {
        foreach (string change in changes.Split([',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int equals = change.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1) throw Wrong($"'{change}' is not of the form key=value");
            string key = change[..equals].Trim().ToLowerInvariant(), value = change[(equals + 1)..].Trim();
            choice = key switch
            {
                // Another sampler or list of levels replaces the first one's options.
                "sampler" => choice with { Sampler = value, Sigmas = null, Timesteps = null },
                "schedule" => choice with { Schedule = value, Sigmas = null, Timesteps = null },
                "profile" =>
                    choice with
                    {
                        Profile = Enum.TryParse(value, ignoreCase: true, out SolverProfile profile) ? profile
                    : throw Wrong($"profile '{value}' is not known; choose diffusers, a1111 or comfy")
                    },
                "steps" =>
                    choice with
                    {
                        Steps = int.TryParse(value, CultureInfo.InvariantCulture, out int steps) ? steps
                    : throw Wrong($"steps '{value}' is not a whole number")
                    },
                "strength" => choice with { Strength = Number(key, value), FromPicture = true },
                "eta" => choice with { Eta = Number(key, value) },
                "s_noise" or "s-noise" => choice with { SNoise = Number(key, value) },
                "s_churn" or "s-churn" => choice with { SChurn = Number(key, value) },
                _ => throw Wrong($"'{key}' cannot be changed; the keys are sampler, schedule, profile, steps, strength, eta, s_noise and s_churn"),
            };
        }

        return choice;
    }

    private static double Number(string key, string value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : throw Wrong($"{key} '{value}' is not a number");

    private static CliException Wrong(string reason) => new($"--compare: {reason}.", ExitCodes.Usage);
}
