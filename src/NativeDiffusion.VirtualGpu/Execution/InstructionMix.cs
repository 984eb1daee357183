namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>How many instructions of each class a stretch of code issues per warp, and the tensor-core work in it.</summary>
internal sealed class InstructionMix
{
    private readonly int[] _counts = new int[(int)InstructionClass.Other + 1];

    public ReadOnlySpan<int> Counts => _counts;

    public int Total { get; private set; }

    /// <summary>Floating-point operations of one warp's pass on the tensor cores.</summary>
    public long TensorFlops { get; private set; }

    public void Add(InstructionClass kind, long tensorFlops)
    {
        _counts[(int)kind]++;
        Total++;
        TensorFlops += tensorFlops;
    }
}
