using System.Numerics;
using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Execution.Operations;

namespace NativeDiffusion.VirtualGpu.Execution.Matrix;

/// <summary>mma.sync.m8n8k4 on f64: lane 4g+t holds A[g][t], B[t][g], C[g][2t] and C[g][2t+1].</summary>
internal sealed unsafe class DoubleMmaOperation(int a, int b, int[] c, int[] d) : LaneOperation
{
    public override void Execute(Warp warp, byte* registers, uint mask)
    {
        if (mask != uint.MaxValue)
        {
            warp.Report(FindingKind.DivergentWarp, Source, mask, $"divergent: executed by {BitOperations.PopCount(mask)} lanes; all 32 are required");
            warp.Launch.Abort();
            return;
        }
        if (warp.Launch.Options.IsCounting) return;
        double* x = (double*)(registers + a), y = (double*)(registers + b);
        double* results = stackalloc double[64];
        for (int lane = 0; lane < 32; lane++)
        {
            for (int i = 0; i < 2; i++)
            {
                double sum = ((double*)(registers + c[i]))[lane];
                int row = lane >> 2, column = (2 * (lane & 3)) + i;
                for (int k = 0; k < 4; k++) sum = Math.FusedMultiplyAdd(x[(row * 4) + k], y[(column * 4) + k], sum);
                results[(i * 32) + lane] = sum;
            }
        }
        for (int i = 0; i < 2; i++)
            for (int lane = 0; lane < 32; lane++) ((double*)(registers + d[i]))[lane] = results[(i * 32) + lane];
    }
}
