namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>Arithmetic of double precision.</summary>
internal enum DoubleFunction
{
    Add,
    Subtract,
    Multiply,
    Fused,
    Divide,
    Reciprocal,
    SquareRoot,
    Min,
    Max,
    Absolute,
    Negate,
    ReciprocalApproximate,
    ReciprocalRootApproximate,
}
