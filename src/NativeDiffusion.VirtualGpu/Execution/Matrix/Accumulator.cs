namespace NativeDiffusion.VirtualGpu.Execution.Matrix;

/// <summary>The accumulator type of a tensor-core product.</summary>
internal enum Accumulator
{
    Single,
    Half,
    Integer,
}
