namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>Instructions per class that a section of code issues per warp, and its tensor-core work.</summary>
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
