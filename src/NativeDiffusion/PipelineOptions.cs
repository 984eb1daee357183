using NativeDiffusion.Cuda;

namespace NativeDiffusion;

/// <summary>How a pipeline is opened.</summary>
public sealed record PipelineOptions
{
    /// <summary>The device: <c>cpu</c>, <c>cuda:0</c>, a backend's own such as <c>virtual:h100</c>, or <c>auto</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>
    /// Where cards come from, such as a virtual GPU's backend; the machine's own NVIDIA cards unless given. Must live longer than the pipeline.
    /// </summary>
    public IReadOnlyList<ICudaBackend>? Backends { get; init; }

    /// <summary>How many threads the cpu device uses, the caller's included; 0 for one a core.</summary>
    public int Threads { get; init; }

    /// <summary>A VAE in place of the checkpoint's own: a file or folder; or null.</summary>
    public string? Vae { get; init; }

    /// <summary>Textual-inversion files, or folders of them; a file's name is the word that prompts use.</summary>
    public IReadOnlyList<string> Embeddings { get; init; } = [];
}
