using NativeDiffusion.Checkpoints;
using NativeDiffusion.Devices;
using NativeDiffusion.Models;
using NativeDiffusion.Solvers;
using NativeDiffusion.Text;

namespace NativeDiffusion.Pipelines;

/// <summary>A model loaded on a device, with everything that a generation needs.</summary>
internal sealed class LoadedModel : IDisposable
{
    /// <summary>The checkpoint; its files stay open.</summary>
    public required Checkpoint Checkpoint { get; init; }

    /// <summary>The device of the networks.</summary>
    public required IComputeDevice Device { get; init; }

    /// <summary>The denoiser.</summary>
    public required UNet2DConditionModel UNet { get; init; }

    /// <summary>The autoencoder.</summary>
    public required AutoencoderKL Vae { get; init; }

    /// <summary>The text model.</summary>
    public required ClipTextModel Clip { get; init; }

    /// <summary>The model's tokenizer.</summary>
    public required ClipTokenizer Tokenizer { get; init; }

    /// <summary>The checkpoint's own scheduler.</summary>
    public required SchedulerConfig Scheduler { get; init; }

    /// <summary>Words learned by textual inversion.</summary>
    public required IReadOnlyList<TextualInversion> Embeddings { get; init; }

    /// <summary>A1111's hash of the weights' file; computed at the first use.</summary>
    public string ModelHash => field ??= FileHashes.ModelHash(Checkpoint.WeightsPath);

    /// <summary>Runs the autoencoder.</summary>
    public LatentCodec Codec => field ??= new LatentCodec(Device, Vae);

    /// <summary>Runs the text model.</summary>
    public ClipTextEncoder TextEncoder => field ??= new ClipTextEncoder(Device, Clip);

    /// <inheritdoc/>
    public void Dispose()
    {
        Device.Dispose();
        Checkpoint.Dispose();
    }
}
