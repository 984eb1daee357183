using System.Numerics;
using NativeDiffusion.VirtualGpu.Execution.Access;

namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>ld.param and st.param on a function's parameters and the blocks of a call: bytes of the frame, lane by lane.</summary>
internal sealed unsafe class ParameterOperation(ParameterPlace parameter, int offset, int elementBytes, RegisterPlace[] elements, bool isSigned, bool isStore)
    : LaneOperation
{
    public override void Execute(Warp warp, byte* registers, uint mask)
    {
        for (; mask != 0; mask &= mask - 1)
        {
            int lane = BitOperations.TrailingZeroCount(mask);
            byte* pointer = registers + parameter.Place + (lane * parameter.Stride) + offset;
            foreach (RegisterPlace element in elements)
            {
                if (isStore) element.Read(registers, lane, pointer, elementBytes);
                else if (element.Place >= 0) element.Write(registers, lane, pointer, elementBytes, isSigned);
                pointer += elementBytes;
            }
        }
    }
}
