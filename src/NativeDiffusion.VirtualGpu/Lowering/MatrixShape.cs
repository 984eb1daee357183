using System.Globalization;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Lowering;

/// <summary>The shape of a tensor-core product: D[M, N] = A[M, K] * B[K, N] + C[M, N].</summary>
internal readonly record struct MatrixShape(int M, int N, int K)
{
    /// <summary>Reads "m16n8k16" among the modifiers; null if there is none.</summary>
    public static MatrixShape? Of(PtxInstruction instruction)
    {
        foreach (string modifier in instruction.Modifiers)
        {
            int n = modifier.IndexOf('n', StringComparison.Ordinal), k = modifier.IndexOf('k', StringComparison.Ordinal);
            if (modifier[0] != 'm' || n < 2 || k < n + 2) continue;
            if (int.TryParse(modifier.AsSpan(1, n - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int rows)
                && int.TryParse(modifier.AsSpan(n + 1, k - n - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int columns)
                && int.TryParse(modifier.AsSpan(k + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int depth))
                return new MatrixShape(rows, columns, depth);
        }
        return null;
    }

    /// <summary>Operations of a warp's tensor-core product: a multiplication and an addition for each term; 0 for other instructions.</summary>
    public static long Flops(PtxInstruction instruction) =>
        instruction.Opcode == "mma" && Of(instruction) is { } shape ? 2L * shape.M * shape.N * shape.K : 0;
}
