using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NativeDiffusion.VirtualGpu.Execution.Access;

/// <summary>st: elements of 1 to 16 bytes, one to eight of them, the lowest bytes of registers that may be wider.</summary>
internal sealed unsafe class StoreOperation(in MemoryOperand operand, int elementBytes, RegisterPlace[] sources, int site)
    : MemoryOperation(operand, elementBytes * sources.Length, site)
{
    private readonly bool _isWords = elementBytes == 4 && sources.All(source => source is { Bits: 32 });

    public override bool IsStore => true;

    public override void MoveLane(Warp warp, byte* registers, int lane, byte* pointer, bool isShared)
    {
        foreach (RegisterPlace source in sources)
        {
            source.Read(registers, lane, pointer, elementBytes);
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
        if (sources.Length == 1)
        {
            uint* a = (uint*)(registers + sources[0].Place);
            if (pattern.IsRow)
            {
                Vector512.Load(a).Store((uint*)origin);
                Vector512.Load(a + 16).Store((uint*)origin + 16);
                return;
            }
            for (; mask != 0; mask &= mask - 1)
            {
                int lane = BitOperations.TrailingZeroCount(mask);
                *(uint*)(origin + deltas[lane]) = a[lane];
            }
            return;
        }
        for (; mask != 0; mask &= mask - 1)
        {
            int lane = BitOperations.TrailingZeroCount(mask);
            uint* to = (uint*)(origin + deltas[lane]);
            for (int k = 0; k < sources.Length; k++) to[k] = ((uint*)(registers + sources[k].Place))[lane];
        }
    }
}
