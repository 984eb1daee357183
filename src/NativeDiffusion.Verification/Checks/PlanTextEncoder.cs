using NativeDiffusion.Devices;
using NativeDiffusion.Models;
using NativeDiffusion.Pipelines;
using NativeDiffusion.Tensors;
using NativeDiffusion.Text;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Verification;

/// <summary>A model folder's text encoder, run on a device for golden texts; its tokenizer beside it.</summary>
internal sealed class PlanTextEncoder : ITextEncoder, IDisposable
{
    private readonly IComputeDevice _device;
    private readonly IWeightFile _weights;
    private readonly ClipTextEncoder _encoder;

    /// <summary>Opens a diffusers folder.</summary>
    /// <exception cref="CheckpointException">A file is missing or invalid.</exception>
    public PlanTextEncoder(string model, int threads)
    {
        string folder = Path.Combine(model, "text_encoder");
        string config = Path.Combine(folder, "config.json");
        ClipTextConfig sizes = ClipTextConfig.Parse(LenientJson.ReadFile(config), config);
        string tokenizer = Path.Combine(model, "tokenizer");
        Tokenizer = Directory.Exists(tokenizer) ? ClipTokenizer.Open(tokenizer) : ClipTokenizer.CreateDefault();
        _weights = WeightFile.Open(Path.Combine(folder, "model.safetensors"));
        try
        {
            var scope = new WeightScope(_weights);
            var clip = new ClipTextModel(sizes, scope["text_model"].Has("embeddings.token_embedding.weight") ? scope["text_model"] : scope);
            _device = ComputeDevices.Open("cpu", threads: threads);
            _encoder = new ClipTextEncoder(_device, clip);
        }
        catch
        {
            _weights.Dispose();
            throw;
        }
    }

    /// <summary>The model's tokenizer.</summary>
    public ClipTokenizer Tokenizer { get; }

    /// <inheritdoc/>
    public int Width => _encoder.Width;

    /// <inheritdoc/>
    public int VocabularySize => _encoder.VocabularySize;

    /// <inheritdoc/>
    public Tensor Encode(ReadOnlySpan<int> tokens, int rows, Tensor? extra, int skip, CancellationToken cancellationToken) =>
        _encoder.Encode(tokens, rows, extra, skip, cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        _device.Dispose();
        _weights.Dispose();
    }
}
