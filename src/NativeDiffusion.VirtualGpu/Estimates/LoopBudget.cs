using NativeDiffusion.VirtualGpu.Cubin;

namespace NativeDiffusion.VirtualGpu.Estimates;

/// <summary>One iteration of a kernel's main loop.</summary>
/// <param name="Instructions">Machine instructions.</param>
/// <param name="Tensor">Tensor-core instructions among them (HMMA).</param>
/// <param name="MatrixLoads">Loads of matrix fragments (LDSM).</param>
/// <param name="SharedLoads">Other loads from shared memory (LDS).</param>
/// <param name="StallCycles">Minimum cycles of a warp.</param>
public sealed record LoopBudget(int Instructions, int Tensor, int MatrixLoads, int SharedLoads, int StallCycles)
{
    /// <summary>The numbers of a loop.</summary>
    public static LoopBudget Of(SassLoop loop)
    {
        ArgumentNullException.ThrowIfNull(loop);
        return new LoopBudget(loop.Instructions.Count, loop.Tensor, loop.MatrixLoads, loop.Count("LDS"), loop.StallCycles);
    }
}
