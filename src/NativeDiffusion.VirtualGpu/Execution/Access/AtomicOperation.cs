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
            ulong old = Update(pointer + (k * type.Bytes()), value, swap);
            if (k >= d.Length || d[k] < 0) continue;
            if (_is64) ((ulong*)(registers + d[k]))[lane] = old;
            else ((uint*)(registers + d[k]))[lane] = (uint)old;
        }
    }

    private ulong Update(byte* pointer, ulong value, ulong swap)
    {
        switch (type.Bits())
        {
            case 64:
                ref ulong word = ref *(ulong*)pointer;
                while (true)
                {
                    ulong old = Volatile.Read(ref word), next = Next(old, value, swap);
                    if (Interlocked.CompareExchange(ref word, next, old) == old) return old;
                }
            case 32:
                ref uint place = ref *(uint*)pointer;
                while (true)
                {
                    uint old = Volatile.Read(ref place), next = (uint)Next(old, value, swap);
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
                    uint next = (old & ~(0xFFFFu << shift)) | ((uint)(Next(mine, value, swap) & 0xFFFF) << shift);
                    if (Interlocked.CompareExchange(ref both, next, old) == old) return mine;
                }
        }
    }

    private ulong Next(ulong old, ulong value, ulong swap) => function switch
    {
        AtomicFunction.Add => Sum(old, value),
        AtomicFunction.Min => IsLess(value, old) ? value : old,
        AtomicFunction.Max => IsLess(old, value) ? value : old,
        AtomicFunction.And => old & value,
        AtomicFunction.Or => old | value,
        AtomicFunction.Xor => old ^ value,
        AtomicFunction.Exchange => value,
        AtomicFunction.CompareExchange => old == value ? swap : old,
        AtomicFunction.Increment => (uint)old >= (uint)value ? 0 : old + 1,
        _ => old == 0 || (uint)old > (uint)value ? value : old - 1,
    };

    private ulong Sum(ulong old, ulong value) => type switch
    {
        PtxType.F32 => BitConverter.SingleToUInt32Bits(BitConverter.UInt32BitsToSingle((uint)old) + BitConverter.UInt32BitsToSingle((uint)value)),
        PtxType.F64 => BitConverter.DoubleToUInt64Bits(BitConverter.UInt64BitsToDouble(old) + BitConverter.UInt64BitsToDouble(value)),
        PtxType.F16 or PtxType.BF16 => Half(old, value),
        PtxType.F16x2 or PtxType.BF16x2 => Half(old & 0xFFFF, value & 0xFFFF) | (Half(old >> 16, value >> 16) << 16),
        _ => old + value,
    };

    private ulong Half(ulong x, ulong y)
    {
        FloatFormat format = type is PtxType.F16 or PtxType.F16x2 ? FloatFormat.Half : FloatFormat.BFloat16;
        return format.Round(format.Value(x) + format.Value(y), Rounding.Nearest);
    }

    private bool IsLess(ulong x, ulong y) => type switch
    {
        PtxType.S32 => (int)x < (int)y,
        PtxType.S64 => (long)x < (long)y,
        PtxType.F32 => BitConverter.UInt32BitsToSingle((uint)x) < BitConverter.UInt32BitsToSingle((uint)y),
        PtxType.F16 => FloatFormat.Half.Value(x) < FloatFormat.Half.Value(y),
        PtxType.BF16 => FloatFormat.BFloat16.Value(x) < FloatFormat.BFloat16.Value(y),
        PtxType.U64 or PtxType.B64 => x < y,
        _ => (uint)x < (uint)y,
    };
}
