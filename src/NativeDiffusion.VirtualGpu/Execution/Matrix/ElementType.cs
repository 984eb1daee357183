namespace NativeDiffusion.VirtualGpu.Execution.Matrix;

/// <summary>The element type of the factors of a tensor-core product.</summary>
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
