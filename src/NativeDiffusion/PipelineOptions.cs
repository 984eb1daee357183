namespace NativeDiffusion;

/// <summary>How a pipeline is opened.</summary>
public sealed record PipelineOptions
{
    /// <summary>The device: <c>cpu</c>, <c>cuda:0</c>, a backend's own such as <c>virtual:h100</c>, or <c>auto</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>How many threads the cpu device uses, the caller's included; 0 for one a core.</summary>
    public int Threads { get; init; }

    /// <summary>A VAE in place of the checkpoint's own: a file or folder; or null.</summary>
    public string? Vae { get; init; }

    /// <summary>Textual-inversion files, or folders of them; a file's name is the word that prompts use.</summary>
    public IReadOnlyList<string> Embeddings { get; init; } = [];
}
