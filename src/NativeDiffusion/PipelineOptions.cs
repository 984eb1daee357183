using NativeDiffusion.Cuda;

namespace NativeDiffusion;

/// <summary>Options for opening a pipeline.</summary>
public sealed record PipelineOptions
{
    /// <summary>The device: <c>cpu</c>, <c>cuda:0</c>, a backend's own such as <c>virtual:h100</c>, or <c>auto</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>
    /// The backend that provides GPUs, such as a virtual one; by default the machine's own NVIDIA GPUs. Must outlive the pipeline.
    /// </summary>
    public IReadOnlyList<ICudaBackend>? Backends { get; init; }

    /// <summary>Number of threads of the cpu device, including the caller's; 0 for one per core.</summary>
    public int Threads { get; init; }

    /// <summary>A VAE that replaces the checkpoint's own: a file or folder; or null.</summary>
    public string? Vae { get; init; }

    /// <summary>Textual-inversion files, or folders of them; a file's name is its word in prompts.</summary>
    public IReadOnlyList<string> Embeddings { get; init; } = [];
}
