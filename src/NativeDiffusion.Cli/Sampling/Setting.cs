namespace NativeDiffusion.Cli.Sampling;

/// <summary>
/// One setting of a picture: an option of the command line (<c>--steps 20</c>), a key of a JSON job
/// (<c>"steps": 20</c>) and a key of the generation parameters (<c>Steps: 20</c>).
/// </summary>
/// <param name="Name">The option's name without dashes; JSON keys may have underscores for its hyphens.</param>
/// <param name="Field">The key in the generation parameters, or null if it has none.</param>
/// <param name="Value">The placeholder of its value, for help.</param>
/// <param name="Description">Its description, for help.</param>
/// <param name="Apply">Applies it to the job; throws <see cref="FormatException"/> with what was expected if the value is invalid.</param>
internal sealed record Setting(string Name, string? Field, string Value, string Description, Func<SampleJob, string, SampleJob> Apply)
{
    /// <summary>Completions, if there is a list.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Applies a value and records it for the generation parameters.</summary>
    /// <param name="job">The job.</param>
    /// <param name="value">The value as written.</param>
    /// <param name="place">Its location, for the error: <c>--steps</c>, <c>jobs.jsonl line 3: steps</c>.</param>
    /// <exception cref="CliException">The value is invalid.</exception>
    public SampleJob Set(SampleJob job, string value, string place)
    {
        try
        {
            SampleJob set = Apply(job, value.Trim());
            return Field is null ? set : set with { Fields = new Dictionary<string, string>(set.Fields) { [Field] = value.Trim() } };
        }
        catch (FormatException exception)
        {
            throw new CliException($"{place} is '{value}', but must be {exception.Message}.", ExitCodes.Usage, exception);
        }
    }
}
