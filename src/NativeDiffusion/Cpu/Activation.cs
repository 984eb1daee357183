namespace NativeDiffusion.Cpu;

/// <summary>What a matrix product's epilogue does to each sum.</summary>
internal enum Activation
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>x · sigmoid(x).</summary>
    Silu,

    /// <summary>x · sigmoid(1.702 x).</summary>
    QuickGelu,

    /// <summary>x · Φ(x), exact.</summary>
    Gelu,

    /// <summary>value · gelu(gate): the first half of the outputs are values, the second half gates; half the width is written.</summary>
    GeGlu,
}
