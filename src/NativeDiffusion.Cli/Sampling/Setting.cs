namespace NativeDiffusion.Cli.Sampling;

/// <summary>
/// One thing that can be set for a picture: as an option of the command line (<c>--steps 20</c>), as a key of a JSON job
/// (<c>"steps": 20</c>) and as a key of a picture's generation text (<c>Steps: 20</c>).
/// </summary>
/// <param name="Name">The option's name without dashes; JSON keys may have underscores for its hyphens.</param>
/// <param name="Field">The key in the generation text, or null when it does not stand there.</param>
/// <param name="Value">What its value looks like, for help.</param>
/// <param name="Description">What it does, for help.</param>
/// <param name="Apply">Makes the job with it; throws <see cref="FormatException"/> with what was expected when the value has no meaning.</param>
internal sealed record Setting(string Name, string? Field, string Value, string Description, Func<SampleJob, string, SampleJob> Apply)
{
    /// <summary>Words to complete, if there is a list.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Applies a value and remembers it for the generation text.</summary>
    /// <param name="job">The job before.</param>
    /// <param name="value">The value as it was written.</param>
    /// <param name="place">Where it was written, for the error: <c>--steps</c>, <c>jobs.jsonl line 3: steps</c>.</param>
    /// <exception cref="CliException">The value has no meaning.</exception>
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
