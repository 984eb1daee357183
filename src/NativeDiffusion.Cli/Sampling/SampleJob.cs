using System.Security.Cryptography;

namespace NativeDiffusion.Cli.Sampling;

/// <summary>One job: the engine's options, and settings of the command line alone.</summary>
/// <param name="Options">The generation options; the seeds are set by <see cref="Pictures"/>.</param>
internal sealed record SampleJob(GenerationOptions Options)
{
    /// <summary>The first picture's seed, or null for a random one.</summary>
    public ulong? Seed { get; init; }

    /// <summary>The number of pictures.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>The file name of this job's picture in the output folder, or null for a number.</summary>
    public string? Output { get; init; }

    /// <summary>Explicit settings, as keys and values of the generation parameters: those that the engine does not write itself.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; init; } = new Dictionary<string, string>();

    /// <summary>The generations, one per picture: seeds increase from the first one, and with a variation the variation's seed does, as in A1111.</summary>
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
