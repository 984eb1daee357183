namespace NativeDiffusion.VirtualGpu.Execution.Matrix;

/// <summary>What the factors of a tensor-core product are.</summary>
internal enum ElementType
{
    Half,
    BFloat16,
    TensorFloat32,
    E4M3,
    E5M2,
    SignedByte,
    UnsignedByte,
    SignedNibble,
    UnsignedNibble,
}
