using NativeDiffusion.Imaging;

namespace NativeDiffusion.Cli.Sampling;

/// <summary>Recreates the job of a picture from its generation parameters.</summary>
internal static class Replay
{
    /// <summary>The key of our own pictures that A1111's do not have.</summary>
    public const string ProfileField = "Profile";

    /// <summary>Parses the settings of generation parameters; those of the command line override them.</summary>
    /// <param name="text">The generation parameters.</param>
    /// <param name="path">The picture's file, for errors.</param>
    /// <exception cref="CliException">A value is invalid.</exception>
    public static SampleJob Job(GenerationParameters text, string path)
    {
        var job = new SampleJob(new GenerationOptions { Prompt = text.Prompt, NegativePrompt = text.NegativePrompt });
        foreach (Setting setting in Settings.All)
        {
            if (setting.Field is { } field && Value(text, field) is { } value)
                job = setting.Set(job, value, $"{path}: '{field}'");
        }

        return job;
    }

    /// <summary>Rejects pictures that cannot be reproduced from their parameters alone.</summary>
    /// <param name="text">The generation parameters.</param>
    /// <param name="job">The job, with the options of the command line.</param>
    /// <param name="path">The picture's file.</param>
    /// <exception cref="CliException">A start picture is missing, or an unsupported feature was used.</exception>
    public static void Check(GenerationParameters text, SampleJob job, string path)
    {
        if (text["Hires upscale"] is not null)
            throw new CliException($"{path} was generated with A1111's hires fix, which is not supported.");
        if (text.DenoisingStrength is not null && job.Options.InitImage is null)
            throw new CliException(
                $"{path} was generated from a start picture, which is not in the file: add it with --init, and its mask with --mask.", ExitCodes.Usage);
    }

    /// <summary>Why the new picture may differ from the old one, or null.</summary>
    /// <param name="before">The old picture's parameters.</param>
    /// <param name="now">The new picture's parameters.</param>
    public static string? Differences(GenerationParameters before, GenerationParameters now)
    {
        List<string> different = [];
        foreach (string field in (string[])["Model hash", "VAE hash", "Version"])
        {
            if (before[field] is { } old && now[field] is { } current && old != current)
                different.Add($"{field} was {old}, now {current}");
        }

        if (before.LoraHashes.Count > 0)
            different.Add($"it used LoRA ({string.Join(", ", before.LoraHashes.Keys)})");
        return different.Count == 0 ? null : $"The pictures may differ: {string.Join("; ", different)}.";
    }

    // Keys that A1111 omits have a meaning, too.
    private static string? Value(GenerationParameters text, string field) => text[field] ?? (text[ProfileField] is not null ? null : field switch
    {
        ProfileField => "a1111",
        "RNG" => text.Rng,
        _ => null,
    });
}
