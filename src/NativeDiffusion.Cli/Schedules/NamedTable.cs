using System.Globalization;
using NativeDiffusion.Solvers;

namespace NativeDiffusion.Cli.Schedules;

/// <summary>A choice and the table that came of it.</summary>
/// <param name="Choice">What was asked for.</param>
/// <param name="Table">The table.</param>
internal sealed record NamedTable(SolverChoice Choice, SolverTable Table)
{
    /// <summary>The choice in a few words: <c>DPM++ 2M, karras, 20 steps (diffusers)</c>.</summary>
    public string Name
    {
        get
        {
            string schedule = Choice.Sigmas is not null ? ", own sigmas" : Choice.Timesteps is not null ? ", own timesteps" : Choice.Schedule is { } named
                ? $", {named}" : "";
            return string.Create(CultureInfo.InvariantCulture, $"{Choice.Sampler ?? Table.Name}{schedule}, {Table.Steps} steps ({Profile})");
        }
    }

    /// <summary>The profile as options name it.</summary>
    public string Profile => Choice.Profile.ToString().ToLowerInvariant();
}
