namespace NativeDiffusion.VirtualGpu.Tests.CKernels;

/// <summary>The kind of a kernel's input words.</summary>
internal enum CInput
{
    /// <summary>Any, and special values of arithmetic.</summary>
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
