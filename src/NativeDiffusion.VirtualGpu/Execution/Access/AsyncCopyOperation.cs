using System.Numerics;
using NativeDiffusion.VirtualGpu.Execution.Operations;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Execution.Access;

/// <summary>cp.async: both addresses are checked and counted at once, the bytes are copied when they are waited for.</summary>
internal sealed unsafe class AsyncCopyOperation : LaneOperation
{
    private readonly Target _target;
    private readonly Source16 _source;
    private readonly int _bytes;
    private readonly int _sourceBytes;
    private readonly int _ignored;
    private readonly bool _isIgnoredNegated;

    /// <param name="target">In shared memory.</param>
    /// <param name="source">In global memory.</param>
    /// <param name="bytes">4, 8 or 16.</param>
    /// <param name="sourceBytes">Place of the number of bytes to copy, the rest being zero; -1 for all.</param>
    /// <param name="ignored">Place of a predicate under which everything is zero; -1 without.</param>
    /// <param name="isIgnoredNegated">Whether that predicate is negated.</param>
    /// <param name="targetSite">Site of the shared-memory side in the worker.</param>
    /// <param name="sourceSite">Site of the global-memory side.</param>
    /// <param name="instruction">The instruction.</param>
    public AsyncCopyOperation(
        in MemoryOperand target, in MemoryOperand source, int bytes, int sourceBytes, int ignored, bool isIgnoredNegated, int targetSite, int sourceSite,
        PtxInstruction instruction)
    {
        _target = new Target(target, bytes, targetSite) { Source = instruction };
        _source = new Source16(source, bytes, sourceSite) { Source = instruction };
        (_bytes, _sourceBytes, _ignored, _isIgnoredNegated) = (bytes, sourceBytes, ignored, isIgnoredNegated);
    }

    public override void Execute(Warp warp, byte* registers, uint mask)
    {
        warp.Copies.Begin(_bytes);
        _target.Execute(warp, registers, mask);
        uint whole = mask;
        if (_ignored >= 0)
        {
            uint bits = *(uint*)(registers + _ignored);
            whole &= _isIgnoredNegated ? bits : ~bits;
        }
        if (_sourceBytes >= 0) whole = Partial(warp, registers, whole);
        if (whole != 0) _source.Execute(warp, registers, whole);
        warp.Copies.End();
    }

    /// <summary>Lanes with fewer bytes than the full width are copied one by one; returns the others.</summary>
    private uint Partial(Warp warp, byte* registers, uint mask)
    {
        uint* sizes = (uint*)(registers + _sourceBytes);
        uint whole = 0;
        for (uint rest = mask; rest != 0; rest &= rest - 1)
        {
            int lane = BitOperations.TrailingZeroCount(rest);
            if (sizes[lane] >= (uint)_bytes) whole |= 1u << lane;
            else if (sizes[lane] > 0) _source.RunPartial(warp, registers, lane, (int)sizes[lane]);
        }
        return whole;
    }

    /// <summary>The side in shared memory: a store whose bytes come later.</summary>
    private sealed class Target(in MemoryOperand operand, int width, int site) : MemoryOperation(operand, width, site)
    {
        public override bool IsStore => true;

        public override void MoveLane(Warp warp, byte* registers, int lane, byte* pointer, bool isShared)
        {
        }

        public override void Move(Warp warp, byte* registers, uint mask, byte* origin, AccessPattern pattern, bool isShared) =>
            warp.Copies.SetTargets(mask, (ulong)(origin - warp.Block.Shared), pattern.Deltas);
    }

    /// <summary>The side in global memory: a load whose bytes are read later.</summary>
    private sealed class Source16(in MemoryOperand operand, int width, int site) : MemoryOperation(operand, width, site)
    {
        private readonly MemoryOperand _operand = operand;

        public override bool IsStore => false;

        public override void MoveLane(Warp warp, byte* registers, int lane, byte* pointer, bool isShared) => warp.Copies.SetSource(lane, pointer, Width);

        public void RunPartial(Warp warp, byte* registers, int lane, int bytes)
        {
            ulong address = _operand.Is64 ? ((ulong*)(registers + _operand.Place))[lane] : ((uint*)(registers + _operand.Place))[lane];
            if (GlobalAccess.RunPartial(this, warp, lane, address + (ulong)_operand.Offset, bytes) is { } pointer) warp.Copies.SetSource(
                lane, (byte*)pointer, bytes);
        }
    }
}
