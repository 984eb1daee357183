namespace NativeDiffusion.Text;

/// <summary>The conversion of prompts to text states. Immutable.</summary>
public sealed record TextConditionerOptions
{
    /// <summary>The rules that apply.</summary>
    public PromptStyle Style { get; init; } = PromptStyle.A1111;

    /// <summary>The effect of weights; only in the style <see cref="PromptStyle.A1111"/>.</summary>
    public EmphasisMode Emphasis { get; init; } = EmphasisMode.Original;

    /// <summary>
    /// The number of last layers of the text encoder to skip: A1111's clip skip minus one, diffusers' clip_skip. In the style <see cref="PromptStyle.Plain"/>
    /// the negative prompt uses all layers, as in diffusers.
    /// </summary>
    public int SkippedLayers { get; init; }

    /// <summary>The available embeddings. <see cref="PromptStyle.Comfy"/> uses <c>embedding:name</c>, the others the name alone.</summary>
    public IReadOnlyList<TextualInversion> Embeddings { get; init; } = [];

    /// <summary>The maximum distance in tokens to a comma that ends a chunk; 0 never backtracks. Only in the style <see cref="PromptStyle.A1111"/>.</summary>
    public int CommaBacktrack { get; init; } = 20;

    /// <summary>A1111's rule for edits before 1.6: see <see cref="PromptSchedule.Parse"/>.</summary>
    public bool OldEditingTimelines { get; init; }
}
