namespace NativeDiffusion.Text;

/// <summary>The effect of attention weights on the text states, by A1111's names.</summary>
public enum EmphasisMode
{
    /// <summary>States times weight, then scaled so that the mean of the whole chunk is unchanged.</summary>
    Original,

    /// <summary>States times weight.</summary>
    NoNorm,

    /// <summary>Brackets are parsed and have no effect.</summary>
    Ignore,

    /// <summary>Brackets and BREAK are ordinary text.</summary>
    None,
}
