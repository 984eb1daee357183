using NativeDiffusion.Models;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Checkpoints;

/// <summary>What a folder or a single file comes to, before it is checked against the models.</summary>
internal sealed record CheckpointParts
{
    /// <summary>The UNet.</summary>
    public required IWeightSource UNet { get; init; }

    /// <summary>Its sizes.</summary>
    public required UNet2DConditionConfig UNetConfig { get; init; }

    /// <summary>The VAE.</summary>
    public required IWeightSource Vae { get; init; }

    /// <summary>Its sizes.</summary>
    public required AutoencoderKLConfig VaeConfig { get; init; }

    /// <summary>The text encoder.</summary>
    public required IWeightSource Text { get; init; }

    /// <summary>Its sizes.</summary>
    public required ClipTextConfig TextConfig { get; init; }

    /// <summary>What is said about the noise schedule.</summary>
    public required CheckpointScheduler Scheduler { get; init; }

    /// <summary>The file whose hash is the model's.</summary>
    public required string WeightsPath { get; init; }

    /// <summary>The folder with vocab.json and merges.txt, or null.</summary>
    public string? TokenizerFolder { get; init; }

    /// <summary>Tensors left from training.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>Tensors of no network.</summary>
    public IReadOnlyList<string> Unknown { get; init; } = [];

    /// <summary>Strings stored beside the tensors.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}
