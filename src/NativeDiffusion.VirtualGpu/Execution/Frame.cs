using System.Runtime.InteropServices;

namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>A function invocation of a warp: registers, constants, parameters and return address.</summary>
internal sealed unsafe class Frame
{
    public Frame(Program program, ProgramTally tally)
    {
        Program = program;
        Tally = tally;
        Registers = (byte*)NativeMemory.AlignedAlloc((nuint)program.FrameBytes + 64, 64);
        NativeMemory.Clear(Registers, (nuint)program.FrameBytes);
    }

    public Program Program { get; }

    /// <summary>The worker's counters of the function.</summary>
    public ProgramTally Tally { get; }

    public byte* Registers { get; private set; }

    public Frame? Caller { get; set; }

    /// <summary>The caller's block after the call.</summary>
    public int ReturnBlock { get; set; }

    public CallPlan? Call { get; set; }

    /// <summary>The warp whose constants it holds.</summary>
    public Warp? PreparedFor { get; set; }

    /// <summary>Lanes that have not returned.</summary>
    public uint Lanes { get; set; }

    public int Depth { get; set; }

    /// <summary>Where the function's own local memory starts.</summary>
    public int LocalBase { get; set; }

    /// <summary>Bytes of local memory taken by alloca, by lane; null if none.</summary>
    public int[]? Stack { get; set; }

    /// <summary>The maximum over the lanes.</summary>
    public int StackBytes { get; set; }

    /// <summary>Releases the memory; the worker does so, since frames are reused between calls.</summary>
    public void Release()
    {
        NativeMemory.AlignedFree(Registers);
        Registers = null;
    }
}
