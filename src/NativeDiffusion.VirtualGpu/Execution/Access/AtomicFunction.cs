namespace NativeDiffusion.VirtualGpu.Execution.Access;

/// <summary>What an atomic does to the value that it finds.</summary>
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
