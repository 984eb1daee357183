using NativeDiffusion.Models;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Checkpoints;

/// <summary>The parts of a folder or a single file, before they are checked against the models.</summary>
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

    /// <summary>The noise schedule.</summary>
    public required CheckpointScheduler Scheduler { get; init; }

    /// <summary>The file of the model hash.</summary>
    public required string WeightsPath { get; init; }

    /// <summary>The folder with vocab.json and merges.txt, or null.</summary>
    public string? TokenizerFolder { get; init; }

    /// <summary>Tensors of training.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>Tensors of no network.</summary>
    public IReadOnlyList<string> Unknown { get; init; } = [];

    /// <summary>Strings stored beside the tensors.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}
