namespace NativeDiffusion.VirtualGpu.Execution.Access;

/// <summary>The function of an atomic.</summary>
internal enum AtomicFunction
{
    Add,
    Min,
    Max,
    And,
    Or,
    Xor,
    Exchange,
    CompareExchange,
    Increment,
    Decrement,
}
