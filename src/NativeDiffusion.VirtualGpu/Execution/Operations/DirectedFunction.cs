namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>Arithmetic that can be rounded in any mode.</summary>
internal enum DirectedFunction
{
    Add,
    Subtract,
    Multiply,
    Fused,
    Divide,
    Reciprocal,
    SquareRoot,
}
