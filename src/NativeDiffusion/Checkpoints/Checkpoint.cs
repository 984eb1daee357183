using NativeDiffusion.Models;
using NativeDiffusion.Text;

namespace NativeDiffusion.Checkpoints;

/// <summary>
/// A Stable Diffusion 1.x checkpoint in any format: the three networks' weights under diffusers' names, their configurations, and unmatched
/// tensors. Opening reads headers and configurations; weights are read when a device needs them, from any thread, until disposal.
/// </summary>
public sealed class Checkpoint : IDisposable
{
    private readonly OpenFiles _files;

    private Checkpoint(string path, CheckpointLayout layout, string? vae, CheckpointParts parts, OpenFiles files)
    {
        _files = files;
        Path = path;
        Layout = layout;
        VaePath = vae;
        UNetConfig = parts.UNetConfig;
        VaeConfig = parts.VaeConfig;
        TextEncoderConfig = parts.TextConfig;
        UNet = new CheckpointComponent("unet", parts.UNet, ExpectedWeights.Of(UNetConfig));
        Vae = new CheckpointComponent("vae", parts.Vae, ExpectedWeights.Of(VaeConfig));
        TextEncoder = new CheckpointComponent("text_encoder", parts.Text, ExpectedWeights.Of(TextEncoderConfig));
        Scheduler = parts.Scheduler;
        WeightsPath = parts.WeightsPath;
        TokenizerFolder = parts.TokenizerFolder;
        IgnoredKeys = parts.Ignored;
        UnknownKeys = parts.Unknown;
        Metadata = parts.Metadata;
    }

    /// <summary>The file or folder.</summary>
    public string Path { get; }

    /// <summary>Its format.</summary>
    public CheckpointLayout Layout { get; }

    /// <summary>The architecture.</summary>
    public ModelArchitecture Architecture => (UNetConfig.CrossAttentionDim, UNetConfig.InChannels) switch
    {
        (1024, 4) => ModelArchitecture.StableDiffusion2,
        (1024, 9) => ModelArchitecture.StableDiffusion2Inpaint,
        (_, 4) => ModelArchitecture.StableDiffusion1,
        (_, 9) => ModelArchitecture.StableDiffusion1Inpaint,
        (_, 8) => ModelArchitecture.InstructPix2Pix,
        _ => ModelArchitecture.Other,
    };

    /// <summary>The denoiser.</summary>
    public CheckpointComponent UNet { get; }

    /// <summary>The denoiser's sizes.</summary>
    public UNet2DConditionConfig UNetConfig { get; }

    /// <summary>The encoder and decoder of pictures.</summary>
    public CheckpointComponent Vae { get; }

    /// <summary>The VAE's sizes.</summary>
    public AutoencoderKLConfig VaeConfig { get; }

    /// <summary>The text encoder; its names start with <c>text_model.</c>.</summary>
    public CheckpointComponent TextEncoder { get; }

    /// <summary>The text encoder's sizes.</summary>
    public ClipTextConfig TextEncoderConfig { get; }

    /// <summary>The checkpoint's noise schedule.</summary>
    public CheckpointScheduler Scheduler { get; }

    /// <summary>The folder with vocab.json and merges.txt; null if CLIP's own vocabulary is used.</summary>
    public string? TokenizerFolder { get; }

    /// <summary>The file of the model hash: the single file, or the UNet's weights.</summary>
    public string WeightsPath { get; }

    /// <summary>The stand-alone VAE that replaces the checkpoint's own, or null.</summary>
    public string? VaePath { get; }

    /// <summary>Tensors of training (EMA weights, schedules), which are not read.</summary>
    public IReadOnlyList<string> IgnoredKeys { get; }

    /// <summary>Tensors that belong to none of the networks; each network also lists its own.</summary>
    public IReadOnlyList<string> UnknownKeys { get; }

    /// <summary>Strings stored beside the tensors.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens a checkpoint.</summary>
    /// <param name="path">A single file (.safetensors, .ckpt, .pt, .bin) or a diffusers folder.</param>
    /// <param name="vae">A VAE to use instead of the checkpoint's own: a file, a component folder, or another checkpoint; null for none.</param>
    /// <exception cref="CheckpointException">It does not exist, cannot be read, or is not Stable Diffusion 1.x; the message names what was found.</exception>
    public static Checkpoint Open(string path, string? vae = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var files = new OpenFiles();
        try
        {
            bool folder = Directory.Exists(path);
            CheckpointParts parts = folder ? DiffusersFolder.Open(path, vae, files) : SingleFile.Open(path, vae, files);
            var checkpoint = new Checkpoint(path, folder ? CheckpointLayout.DiffusersFolder : CheckpointLayout.SingleFile, vae, parts, files);
            checkpoint.CheckTogether();
            return checkpoint;
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <summary>Opens the tokenizer: the checkpoint's own, else CLIP's vocabulary embedded in the library.</summary>
    /// <exception cref="CheckpointException">Neither has as many tokens as the text encoder has embeddings.</exception>
    public ClipTokenizer OpenTokenizer()
    {
        ClipTokenizer tokenizer = TokenizerFolder is null ? ClipTokenizer.CreateDefault() : ClipTokenizer.Open(TokenizerFolder);
        if (tokenizer.VocabularySize <= TextEncoderConfig.VocabSize
            && (TokenizerFolder is not null || tokenizer.VocabularySize == TextEncoderConfig.VocabSize)) return tokenizer;
        throw new CheckpointException(
            $"{Path}: the text encoder has {TextEncoderConfig.VocabSize} token embeddings, but the vocabulary of {TokenizerFolder ?? "CLIP"} has "
                + $"{tokenizer.VocabularySize}; put the model's vocab.json and merges.txt into a folder 'tokenizer' beside it.",
            Path);
    }

    /// <inheritdoc/>
    public void Dispose() => _files.Dispose();

    private void CheckTogether()
    {
        if (TextEncoderConfig.HiddenSize != UNetConfig.CrossAttentionDim)
            throw new CheckpointException(
                $"{Path}: the UNet attends to prompt states of width {UNetConfig.CrossAttentionDim}, but the text encoder makes "
                    + $"{TextEncoderConfig.HiddenSize}; these parts do not belong together.", Path);
        if (VaeConfig.LatentChannels != UNetConfig.OutChannels)
            throw new CheckpointException(
                $"{Path}: the UNet makes latents of {UNetConfig.OutChannels} channels, but the VAE{(VaePath is null ? "" : $" {VaePath}")} takes "
                    + $"{VaeConfig.LatentChannels}; these parts do not belong together.", VaePath ?? Path);
    }
}
