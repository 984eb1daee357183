using System.Runtime.InteropServices;

namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>A function as a warp's lanes run it: registers, constants, parameters, and where they return to.</summary>
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

    /// <summary>What the worker counts for the function.</summary>
    public ProgramTally Tally { get; }

    public byte* Registers { get; private set; }

    public Frame? Caller { get; set; }

    /// <summary>The caller's block behind the call.</summary>
    public int ReturnBlock { get; set; }

    public CallPlan? Call { get; set; }

    /// <summary>The warp whose constants it holds.</summary>
    public Warp? PreparedFor { get; set; }

    /// <summary>Lanes that have not returned.</summary>
    public uint Lanes { get; set; }

    public int Depth { get; set; }

    /// <summary>Where the function's own local memory starts.</summary>
    public int LocalBase { get; set; }

    /// <summary>Bytes of local memory behind the function's own that alloca took, by lane; null where nothing was taken.</summary>
    public int[]? Stack { get; set; }

    /// <summary>The most that a lane took.</summary>
    public int StackBytes { get; set; }

    /// <summary>Gives the memory back; its worker does that, since frames come and go with calls.</summary>
    public void Release()
    {
        NativeMemory.AlignedFree(Registers);
        Registers = null;
    }
}
