using NativeDiffusion.VirtualGpu.Numerics;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Execution.Access;

/// <summary>An atomic: lanes one after the other, each against all other threads of the host.</summary>
internal sealed unsafe class AtomicOperation(in MemoryOperand operand, AtomicFunction function, PtxType type, int[] d, int[] a, int b, int site)
    : MemoryOperation(operand, type.Bytes() * a.Length, site)
{
    private readonly bool _is64 = type.Bits() == 64;

    public override bool IsStore => true;

    public override bool IsLoad => true;

    public override void MoveLane(Warp warp, byte* registers, int lane, byte* pointer, bool isShared)
    {
        for (int k = 0; k < a.Length; k++)
        {
            ulong value = _is64 ? ((ulong*)(registers + a[k]))[lane] : ((uint*)(registers + a[k]))[lane];
            ulong swap = b < 0 ? 0 : _is64 ? ((ulong*)(registers + b))[lane] : ((uint*)(registers + b))[lane];
            ulong old = Update(pointer + (k * type.Bytes()), value, swap, isShared);
            if (k >= d.Length || d[k] < 0) continue;
            if (_is64) ((ulong*)(registers + d[k]))[lane] = old;
            else ((uint*)(registers + d[k]))[lane] = (uint)old;
        }
    }

    private ulong Update(byte* pointer, ulong value, ulong swap, bool isShared)
    {
        switch (type.Bits())
        {
            case 64:
                ref ulong word = ref *(ulong*)pointer;
                while (true)
                {
                    ulong old = Volatile.Read(ref word), next = Next(old, value, swap, isShared);
                    if (Interlocked.CompareExchange(ref word, next, old) == old) return old;
                }
            case 32:
                ref uint place = ref *(uint*)pointer;
                while (true)
                {
                    uint old = Volatile.Read(ref place), next = (uint)Next(old, value, swap, isShared);
                    if (Interlocked.CompareExchange(ref place, next, old) == old) return old;
                }
            default:
                // Sixteen bits within their word of 32.
                int shift = ((nuint)pointer & 2) != 0 ? 16 : 0;
                ref uint both = ref *(uint*)(pointer - (shift / 8));
                while (true)
                {
                    uint old = Volatile.Read(ref both);
                    ulong mine = (old >> shift) & 0xFFFF;
                    uint next = (old & ~(0xFFFFu << shift)) | ((uint)(Next(mine, value, swap, isShared) & 0xFFFF) << shift);
                    if (Interlocked.CompareExchange(ref both, next, old) == old) return mine;
                }
        }
    }

    private ulong Next(ulong old, ulong value, ulong swap, bool isShared) => function switch
    {
        AtomicFunction.Add => Sum(old, value, isShared),
        AtomicFunction.Min => Extreme(old, value, true),
        AtomicFunction.Max => Extreme(old, value, false),
        AtomicFunction.And => old & value,
        AtomicFunction.Or => old | value,
        AtomicFunction.Xor => old ^ value,
        AtomicFunction.Exchange => value,
        AtomicFunction.CompareExchange => old == value ? swap : old,
        AtomicFunction.Increment => (uint)old >= (uint)value ? 0 : old + 1,
        _ => old == 0 || (uint)old > (uint)value ? value : old - 1,
    };

    private ulong Sum(ulong old, ulong value, bool isShared) => type switch
    {
        PtxType.F32 => Single((uint)old, (uint)value, isShared),
        PtxType.F64 => Double(BitConverter.UInt64BitsToDouble(old) + BitConverter.UInt64BitsToDouble(value)),
        PtxType.F16 or PtxType.BF16 => Half(old, value),
        PtxType.F16x2 or PtxType.BF16x2 => Half(old & 0xFFFF, value & 0xFFFF) | (Half(old >> 16, value >> 16) << 16),
        _ => old + value,
    };

    private ulong Half(ulong x, ulong y)
    {
        FloatFormat format = type is PtxType.F16 or PtxType.F16x2 ? FloatFormat.Half : FloatFormat.BFloat16;
        return format.Round(format.Value(x) + format.Value(y), Rounding.Nearest);
    }

    /// <summary>In shared memory subnormal numbers are kept; the units at the L2 cache flush them.</summary>
    private static uint Single(uint x, uint y, bool isShared)
    {
        float sum = BitConverter.UInt32BitsToSingle(isShared ? x : Flush(x)) + BitConverter.UInt32BitsToSingle(isShared ? y : Flush(y));
        uint bits = float.IsNaN(sum) ? 0x7FFF_FFFF : BitConverter.SingleToUInt32Bits(sum);
        return isShared ? bits : Flush(bits);
    }

    private static ulong Double(double sum) => double.IsNaN(sum) ? FloatFormat.Double.Nan : BitConverter.DoubleToUInt64Bits(sum);

    private static uint Flush(uint bits) => (bits & 0x7F80_0000) == 0 ? bits & 0x8000_0000 : bits;

    private ulong Extreme(ulong x, ulong y, bool isMin) => type switch
    {
        PtxType.F16 or PtxType.BF16 => ExtremeHalf(x, y, isMin),
        PtxType.F16x2 or PtxType.BF16x2 => ExtremeHalf(x & 0xFFFF, y & 0xFFFF, isMin) | (ExtremeHalf(x >> 16, y >> 16, isMin) << 16),
        _ => IsLess(x, y) == isMin ? x : y,
    };

    /// <summary>A number wins over NaN; minus zero is below zero.</summary>
    private ulong ExtremeHalf(ulong x, ulong y, bool isMin)
    {
        FloatFormat format = type is PtxType.F16 or PtxType.F16x2 ? FloatFormat.Half : FloatFormat.BFloat16;
        double a = format.Value(x), b = format.Value(y);
        if (double.IsNaN(a)) return double.IsNaN(b) ? format.Nan : y;
        if (double.IsNaN(b)) return x;
        if (a == b) return isMin ? x | y : x & y;
        return a < b == isMin ? x : y;
    }

    private bool IsLess(ulong x, ulong y) => type switch
    {
        PtxType.S32 => (int)x < (int)y,
        PtxType.S64 => (long)x < (long)y,
        PtxType.U64 or PtxType.B64 => x < y,
        _ => (uint)x < (uint)y,
    };
}
