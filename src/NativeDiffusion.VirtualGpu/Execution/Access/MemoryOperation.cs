using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using NativeDiffusion.VirtualGpu.Execution.Operations;
using NativeDiffusion.VirtualGpu.Lanes;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Execution.Access;

/// <summary>
/// An instruction that reads or writes memory. It supplies each lane's address and moves the bytes once the location is resolved; what
/// lies between (allocation, checks) belongs to the class of the memory space.
/// </summary>
internal abstract unsafe class MemoryOperation(in MemoryOperand operand, int width, int site) : LaneOperation
{
    private readonly MemoryOperand _operand = operand;

    public StateSpace Space => _operand.Space;

    /// <summary>Bytes accessed by a lane.</summary>
    public int Width => width;

    /// <summary>The key of its state in a worker.</summary>
    public int Site => site;

    public abstract bool IsStore { get; }

    /// <summary>False for operations that only write.</summary>
    public virtual bool IsLoad => !IsStore;

    public AccessStrength Strength { get; init; }

    /// <summary>True for non-coherent loads, which do not observe the launch's own writes.</summary>
    public bool IsNonCoherent { get; init; }

    /// <summary>True where a fence is part of the instruction: .release before, .acquire after the access.</summary>
    public bool HasRelease { get; init; }

    public bool HasAcquire { get; init; }

    /// <summary>True if that fence is at gpu or sys scope.</summary>
    public bool IsWide { get; init; }

    /// <summary>Lanes whose addresses are used.</summary>
    public virtual uint AddressMask => LaneMask.All;

    public override void Execute(Warp warp, byte* registers, uint mask)
    {
        ulong* addresses = warp.Worker.Addresses;
        Addresses(registers, addresses);
        uint lanes = mask & AddressMask;
        if (lanes == 0) return;
        switch (Space)
        {
            case StateSpace.Global:
                GlobalAccess.Run(this, warp, registers, lanes, addresses);
                break;
            case StateSpace.Shared:
                SharedAccess.Run(this, warp, registers, lanes, addresses);
                break;
            case StateSpace.Local:
                LocalAccess.Run(this, warp, registers, lanes, addresses);
                break;
            case StateSpace.Const:
                ConstantAccess.Run(this, warp, registers, lanes, addresses);
                break;
            case StateSpace.Param:
                ConstantAccess.RunParameters(this, warp, registers, lanes, addresses);
                break;
            default:
                GenericAccess.Run(this, warp, registers, lanes, addresses);
                break;
        }
    }

    /// <summary>Moves one lane's bytes.</summary>
    public abstract void MoveLane(Warp warp, byte* registers, int lane, byte* pointer, bool isShared);

    /// <summary>Moves the bytes of all lanes: lane i's lie at origin + deltas[i].</summary>
    public virtual void Move(Warp warp, byte* registers, uint mask, byte* origin, AccessPattern pattern, bool isShared)
    {
        ulong* deltas = pattern.Deltas;
        for (; mask != 0; mask &= mask - 1)
        {
            int lane = BitOperations.TrailingZeroCount(mask);
            MoveLane(warp, registers, lane, origin + deltas[lane], isShared);
        }
    }

    /// <summary>True if memory already holds what a lane would store.</summary>
    public bool IsSame(Warp warp, byte* registers, int lane, byte* pointer)
    {
        byte* value = stackalloc byte[64];
        MoveLane(warp, registers, lane, value, true);
        return new ReadOnlySpan<byte>(value, width).SequenceEqual(new ReadOnlySpan<byte>(pointer, width));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Addresses(byte* registers, ulong* addresses)
    {
        byte* place = registers + _operand.Place;
        var offset = Vector512.Create((ulong)_operand.Offset);
        if (_operand.Is64)
        {
            for (int part = 0; part < 4; part++) (Vector512.Load((ulong*)place + (8 * part)) + offset).Store(addresses + (8 * part));
            return;
        }
        for (int part = 0; part < 2; part++)
        {
            (Vector512<ulong> low, Vector512<ulong> high) = Vector512.Widen(
                Vector512.Load((uint*)place + (16 * part)) + Vector512.Create((uint)_operand.Offset));
            low.Store(addresses + (16 * part));
            high.Store(addresses + (16 * part) + 8);
        }
    }
}
