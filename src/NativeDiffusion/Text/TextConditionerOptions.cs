namespace NativeDiffusion.Text;

/// <summary>How prompts become text states. Immutable.</summary>
public sealed record TextConditionerOptions
{
    /// <summary>Whose rules hold.</summary>
    public PromptStyle Style { get; init; } = PromptStyle.A1111;

    /// <summary>What weights do; only in the style <see cref="PromptStyle.A1111"/>.</summary>
    public EmphasisMode Emphasis { get; init; } = EmphasisMode.Original;

    /// <summary>
    /// How many of the text encoder's last layers are left out: A1111's clip skip less one, diffusers' clip_skip. In the style <see cref="PromptStyle.Plain"/>
    /// the negative prompt keeps all layers, as in diffusers.
    /// </summary>
    public int SkippedLayers { get; init; }

    /// <summary>Learned words that prompts may use. <see cref="PromptStyle.Comfy"/> calls them <c>embedding:name</c>, the others by name alone.</summary>
    public IReadOnlyList<TextualInversion> Embeddings { get; init; } = [];

    /// <summary>How many tokens back a chunk may end at a comma; 0 never goes back. Only in the style <see cref="PromptStyle.A1111"/>.</summary>
    public int CommaBacktrack { get; init; } = 20;

    /// <summary>A1111's rule for edits before 1.6: see <see cref="PromptSchedule.Parse"/>.</summary>
    public bool OldEditingTimelines { get; init; }
}
