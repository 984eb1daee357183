namespace NativeDiffusion.Verification;

/// <summary>What a kernel's case costs where it is executed instruction by instruction. A card runs all of them in moments.</summary>
public enum KernelCaseSize
{
    /// <summary>Fractions of a second on a virtual card.</summary>
    Quick,

    /// <summary>As quick, but one of very many that look for the same kind of fault: edges and remainders, each alone.</summary>
    Thorough,

    /// <summary>A layer of a network: minutes on a virtual card, which counts it without computing.</summary>
    Large,
}
