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

    // What A1111 leaves out of its text has a meaning, too.
    private static string? Value(GenerationParameters text, string field) => text[field] ?? field switch
    {
        ProfileField => "a1111",
        "RNG" => text.Rng,
        _ => null,
    };
}
