namespace NativeDiffusion.VirtualGpu.Tests.CKernels;

/// <summary>What the words are that a kernel reads.</summary>
internal enum CInput
{
    /// <summary>Any, and those at which arithmetic goes wrong.</summary>
    Words,

    /// <summary>Single precision of all sizes, infinite ones, NaN.</summary>
    Singles,

    /// <summary>Double precision of all sizes.</summary>
    Doubles,

    /// <summary>Single precision between a millionth and 1e38, small ones more often.</summary>
    Arguments,

    /// <summary>Single precision between -4 and 4.</summary>
    SmallArguments,

    /// <summary>Double precision between -1e5 and 1e5, small ones more often.</summary>
    WideArguments,
}
