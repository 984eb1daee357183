using System.Security.Cryptography;

namespace NativeDiffusion.Cli.Sampling;

/// <summary>One order of pictures: what the engine is asked, and what only the command line knows.</summary>
/// <param name="Options">What to draw and how; its seeds are set by <see cref="Pictures"/>.</param>
internal sealed record SampleJob(GenerationOptions Options)
{
    /// <summary>The first picture's seed, or null for a random one.</summary>
    public ulong? Seed { get; init; }

    /// <summary>How many pictures.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>The name of this job's picture below the output folder, or null for a number.</summary>
    public string? Output { get; init; }

    /// <summary>Settings that were made, as keys and values of the generation text: what the engine does not write by itself.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; init; } = new Dictionary<string, string>();

    /// <summary>The generations, one a picture: seeds count up from the first one, and with a variation the variation's seed does, as A1111 counts.</summary>
    public IEnumerable<GenerationOptions> Pictures()
    {
        ulong first = Seed ?? (ulong)RandomNumberGenerator.GetInt32(int.MaxValue);
        bool varies = Options.Variation is { VariationStrength: > 0 };
        for (uint i = 0; i < Batch; i++)
        {
            yield return varies
                ? Options with { Seeds = [first], Variation = Options.Variation! with { VariationSeed = Options.Variation.VariationSeed + i } }
                : Options with { Seeds = [first + i] };
        }
    }
}
