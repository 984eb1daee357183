using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NativeDiffusion.VirtualGpu.Execution.Access;

/// <summary>ld: elements of 1 to 16 bytes, one to eight of them, into registers that may be wider.</summary>
internal sealed unsafe class LoadOperation(in MemoryOperand operand, int elementBytes, RegisterPlace[] results, bool isSigned, int site)
    : MemoryOperation(operand, elementBytes * results.Length, site)
{
    /// <summary>Whole words into registers of their own width: the usual case.</summary>
    private readonly bool _isWords = elementBytes == 4 && results.All(result => result is { Bits: 32 });

    public override bool IsStore => false;

    public override void MoveLane(Warp warp, byte* registers, int lane, byte* pointer, bool isShared)
    {
        foreach (RegisterPlace result in results)
        {
            if (result.Place >= 0) result.Write(registers, lane, pointer, elementBytes, isSigned);
            pointer += elementBytes;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Move(Warp warp, byte* registers, uint mask, byte* origin, AccessPattern pattern, bool isShared)
    {
        if (!_isWords)
        {
            base.Move(warp, registers, mask, origin, pattern, isShared);
            return;
        }
        ulong* deltas = pattern.Deltas;
        if (results.Length == 1)
        {
            uint* d = (uint*)(registers + results[0].Place);
            if (results[0].Place < 0) return;
            if (pattern.IsRow)
            {
                Vector512.Load((uint*)origin).Store(d);
                Vector512.Load((uint*)origin + 16).Store(d + 16);
                return;
            }
            for (; mask != 0; mask &= mask - 1)
            {
                int lane = BitOperations.TrailingZeroCount(mask);
                d[lane] = *(uint*)(origin + deltas[lane]);
            }
            return;
        }
        for (; mask != 0; mask &= mask - 1)
        {
            int lane = BitOperations.TrailingZeroCount(mask);
            uint* from = (uint*)(origin + deltas[lane]);
            for (int k = 0; k < results.Length; k++)
                if (results[k].Place >= 0) ((uint*)(registers + results[k].Place))[lane] = from[k];
        }
    }
}
