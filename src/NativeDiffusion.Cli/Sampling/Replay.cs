using NativeDiffusion.Imaging;

namespace NativeDiffusion.Cli.Sampling;

/// <summary>Makes the order again that a picture's generation text tells of.</summary>
internal static class Replay
{
    /// <summary>The key that our own pictures carry and A1111's do not.</summary>
    public const string ProfileField = "Profile";

    /// <summary>Reads the settings of a generation text; the later of the command line win over them.</summary>
    /// <param name="text">The generation text.</param>
    /// <param name="path">The picture's file, for errors.</param>
    /// <exception cref="CliException">A value has no meaning.</exception>
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

    /// <summary>Refuses what cannot be drawn again from the text alone.</summary>
    /// <param name="text">The generation text.</param>
    /// <param name="job">The order, with what the command line added.</param>
    /// <param name="path">The picture's file.</param>
    /// <exception cref="CliException">A start picture is missing, or the picture was made by something that is not supported.</exception>
    public static void Check(GenerationParameters text, SampleJob job, string path)
    {
        if (text["Hires upscale"] is not null)
            throw new CliException($"{path} was drawn with A1111's hires fix, which is not supported.");
        if (text.DenoisingStrength is not null && job.Options.InitImage is null)
            throw new CliException(
                $"{path} was drawn from a start picture, which its text does not hold: name it with --init, and its mask with --mask.", ExitCodes.Usage);
    }

    /// <summary>What may make the new picture differ from the old one, or null.</summary>
    /// <param name="before">The old picture's text.</param>
    /// <param name="now">The new picture's text.</param>
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

    // What A1111 leaves out of its text has a meaning, too.
    private static string? Value(GenerationParameters text, string field) => text[field] ?? (text[ProfileField] is not null ? null : field switch
    {
        ProfileField => "a1111",
        "RNG" => text.Rng,
        _ => null,
    });
}
