using System.Globalization;
using NativeDiffusion.Solvers;

namespace NativeDiffusion.Cli.Schedules;

/// <summary>A choice and its table.</summary>
/// <param name="Choice">The choice.</param>
/// <param name="Table">The table.</param>
internal sealed record NamedTable(SolverChoice Choice, SolverTable Table)
{
    /// <summary>The choice as a short text: <c>DPM++ 2M, karras, 20 steps (diffusers)</c>.</summary>
    public string Name
    {
        get
        {
            string schedule = Choice.Sigmas is not null ? ", own sigmas" : Choice.Timesteps is not null ? ", own timesteps" : Choice.Schedule is { } named
                ? $", {named}" : "";
            return string.Create(CultureInfo.InvariantCulture, $"{Choice.Sampler ?? Table.Name}{schedule}, {Table.Steps} steps ({Profile})");
        }
    }

    /// <summary>The profile's name in options.</summary>
    public string Profile => Choice.Profile.ToString().ToLowerInvariant();
}
