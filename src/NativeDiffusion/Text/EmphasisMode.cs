namespace NativeDiffusion.Text;

/// <summary>What attention weights do to the text states, by A1111's names.</summary>
public enum EmphasisMode
{
    /// <summary>States times weight, then scaled so that the mean of the whole chunk is what it was.</summary>
    Original,

    /// <summary>States times weight.</summary>
    NoNorm,

    /// <summary>Brackets are read and have no effect.</summary>
    Ignore,

    /// <summary>Brackets and BREAK are words like others.</summary>
    None,
}
