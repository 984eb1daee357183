namespace NativeDiffusion.VirtualGpu.Execution.Matrix;

/// <summary>What the sums of a tensor-core product are.</summary>
internal enum Accumulator
{
    Single,
    Half,
    Integer,
}
