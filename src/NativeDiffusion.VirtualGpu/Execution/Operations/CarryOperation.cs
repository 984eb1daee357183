using System.Numerics;

namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>
/// d = a + b + carry, a - b with the same flag, or half of a*b plus c plus carry. The flag after a subtraction is the carry of a + ~b + 1, thus
/// set if there was no borrow: NVIDIA's own division of 128 bits reads it with addc after a subc.
/// </summary>
internal sealed unsafe class CarryOperation(
    int d, int a, int b, int c, int carryIn, int carryOut, bool is64, bool isSubtraction, bool isHigh, bool isSigned) : LaneOperation
{
    public override void Execute(Warp warp, byte* registers, uint mask)
    {
        for (; mask != 0; mask &= mask - 1)
        {
            int lane = BitOperations.TrailingZeroCount(mask);
            ulong x = Read(registers + a, lane), y = Read(registers + b, lane);
            if (c >= 0) (x, y) = (Product(x, y), Read(registers + c, lane));
            if (isSubtraction) y = is64 ? ~y : (uint)~y;
            uint flag = carryIn >= 0 ? ((uint*)(registers + carryIn))[lane] : isSubtraction ? 1u : 0;
            ulong result;
            bool carry;
            if (is64)
            {
                UInt128 sum = (UInt128)x + y + flag;
                result = (ulong)sum;
                carry = (sum >> 64) != 0;
                ((ulong*)(registers + d))[lane] = result;
            }
            else
            {
                ulong sum = x + y + flag;
                carry = sum >> 32 != 0;
                ((uint*)(registers + d))[lane] = (uint)sum;
            }
            if (carryOut >= 0) ((uint*)(registers + carryOut))[lane] = carry ? 1u : 0u;
        }
    }

    private ulong Read(byte* place, int lane) => is64 ? ((ulong*)place)[lane] : ((uint*)place)[lane];

    private ulong Product(ulong x, ulong y)
    {
        if (!is64)
        {
            ulong product = isSigned ? (ulong)((long)(int)x * (int)y) : x * y;
            return isHigh ? product >> 32 : (uint)product;
        }
        if (!isHigh) return x * y;
        return isSigned ? (ulong)Math.BigMul((long)x, (long)y, out _) : Math.BigMul(x, y, out _);
    }
}
