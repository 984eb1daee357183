using System.Numerics;
using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>Calls and returns: each call has a frame of its own, so recursion works without special handling.</summary>
internal sealed unsafe partial class Warp
{
    /// <summary>Stack bytes of a call beyond the function's own variables: return address and saved registers.</summary>
    private const int CallBytes = 32;

    private bool Call(Fragment fragment, CallPlan plan, int next)
    {
        if (plan.Function is not null) return Enter(fragment, plan, plan.Function, next);
        ulong* handles = (ulong*)(fragment.Frame.Registers + plan.Handle);
        uint rest = fragment.Mask;
        ulong handle = handles[BitOperations.TrailingZeroCount(rest)];
        uint same = 0;
        for (uint lanes = rest; lanes != 0; lanes &= lanes - 1)
            if (handles[BitOperations.TrailingZeroCount(lanes)] == handle) same |= lanes & (0 - lanes);
        if (same != rest)
        {
            // The other lanes reach the same call later.
            _fragments.Add(new Fragment(fragment.Block, rest & ~same, fragment.Frame));
            fragment.Mask = same;
        }
        string? name = Launch.Image.FunctionName(handle);
        if (name is not null) return Enter(fragment, plan, name, next) && same == rest;
        Report(FindingKind.Trap, plan.Source, same, $"invalid call target 0x{handle:X}: not a function");
        Launch.Abort();
        return false;
    }

    private bool Enter(Fragment fragment, CallPlan plan, string name, int next)
    {
        Program program;
        try
        {
            program = Launch.Image.Program(name, plan.Source);
        }
        catch (PtxException e)
        {
            // Only a function called through a pointer is detected here.
            Report(FindingKind.UnsupportedPtx, plan.Source, fragment.Mask, $"call of unsupported function '{name}': {e.Message}");
            Launch.Abort();
            return false;
        }
        Frame caller = fragment.Frame;
        int localBase = caller.LocalBase + caller.Program.LocalBytes + caller.StackBytes + CallBytes;
        if (Find(caller, plan, program, localBase) is { } shared && (shared.Lanes & fragment.Mask) == 0)
        {
            Join(shared, fragment.Mask);
            Begin(fragment, plan, shared);
            return true;
        }
        var frame = Worker.RentFrame(program);
        frame.Caller = caller;
        frame.ReturnBlock = next;
        frame.Call = plan;
        frame.Lanes = fragment.Mask;
        frame.Depth = caller.Depth + 1;
        frame.LocalBase = localBase;
        if (frame.LocalBase + program.LocalBytes > Launch.LocalLimit)
        {
            Report(FindingKind.StackOverflow, plan.Source, fragment.Mask,
                $"stack overflow in the call of '{name}' at depth {frame.Depth}: {frame.LocalBase + program.LocalBytes} bytes of local memory needed, "
                    + $"{Launch.LocalLimit} available");
            Worker.ReturnFrame(frame);
            Launch.Abort();
            return false;
        }
        Constants.Begin(this, frame);
        Begin(fragment, plan, frame);
        return true;
    }

    private void Begin(Fragment fragment, CallPlan plan, Frame frame)
    {
        Program program = frame.Program;
        ParameterPlace[] inputs = [.. program.Function.Parameters.Select(parameter => program.Parameters[parameter.Name])];
        Copy(fragment.Frame, plan.Arguments, frame, inputs, fragment.Mask);
        fragment.Frame = frame;
        fragment.Block = 0;
        Frame = frame;
    }

    /// <summary>The frame of the same call that other lanes are in: lanes that arrive later share it, so that all can reconverge in the function.</summary>
    private Frame? Find(Frame caller, CallPlan plan, Program program, int localBase)
    {
        foreach (Fragment fragment in _fragments)
            for (Frame frame = fragment.Frame; frame.Caller is { } next; frame = next)
                if (next == caller && frame.Call == plan && frame.Program == program && frame.LocalBase == localBase) return frame;
        return null;
    }

    private static void Join(Frame frame, uint mask)
    {
        frame.Lanes |= mask;
        for (int place = 0; place < frame.Program.Written.Bytes; place += 4) *(uint*)(frame.Registers + frame.Program.Written.Place + place) &= ~mask;
        for (int lane = 0; frame.Stack is { } stack && lane < 32; lane++)
            if ((mask >> lane & 1) != 0) stack[lane] = 0;
    }

    private void Return(Fragment fragment)
    {
        Frame frame = fragment.Frame, caller = frame.Caller!;
        ParameterPlace[] outputs = [.. frame.Program.Function.Returns.Select(result => frame.Program.Parameters[result.Name])];
        Copy(frame, outputs, caller, frame.Call!.Results, fragment.Mask);
        frame.Lanes &= ~fragment.Mask;
        fragment.Frame = caller;
        fragment.Block = frame.ReturnBlock;
        if (frame.Lanes == 0) Worker.ReturnFrame(frame);
        Merge(fragment);
    }

    private static void Copy(Frame from, ParameterPlace[] sources, Frame to, ParameterPlace[] targets, uint mask)
    {
        for (int k = 0; k < Math.Min(sources.Length, targets.Length); k++)
        {
            int bytes = Math.Min(sources[k].Bytes, targets[k].Bytes);
            for (uint lanes = mask; lanes != 0; lanes &= lanes - 1)
            {
                int lane = BitOperations.TrailingZeroCount(lanes);
                Buffer.MemoryCopy(
                    from.Registers + sources[k].Place + (lane * sources[k].Stride), to.Registers + targets[k].Place + (lane * targets[k].Stride), bytes, bytes);
            }
        }
    }
}
