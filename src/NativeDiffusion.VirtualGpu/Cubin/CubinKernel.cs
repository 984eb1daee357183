namespace NativeDiffusion.VirtualGpu.Cubin;

/// <summary>A kernel as the card will run it.</summary>
public sealed class CubinKernel
{
    internal CubinKernel()
    {
    }

    /// <summary>Its name as launched.</summary>
    public required string Name { get; init; }

    /// <summary>90 for compute capability 9.0.</summary>
    public required int Architecture { get; init; }

    /// <summary>Its instructions and those of the functions that it calls, in the order of their addresses.</summary>
    public required IReadOnlyList<SassInstruction> Instructions { get; init; }

    /// <summary>Its loops, outer ones too, by address.</summary>
    public required IReadOnlyList<SassLoop> Loops { get; init; }

    /// <summary>Bytes of machine code, with padding and called functions.</summary>
    public required int CodeBytes { get; init; }

    /// <summary>Registers of a thread.</summary>
    public required int Registers { get; init; }

    /// <summary>Shared memory that is declared with a size, in bytes; what a launch adds is not in it, nor what the system reserves.</summary>
    public required int SharedBytes { get; init; }

    /// <summary>Local memory of a thread that the kernel itself takes: arrays that are indexed at run time, and spilled registers.</summary>
    public required int LocalBytes { get; init; }

    /// <summary>Local memory of a thread with all calls; null where recursion leaves it open.</summary>
    public required int? StackBytes { get; init; }

    /// <summary>Bytes of constant bank 0: the driver's part, then the parameters.</summary>
    public required int ConstantBytes { get; init; }

    /// <summary>Bytes of the parameters.</summary>
    public required int ParameterBytes { get; init; }

    /// <summary>The parameters, in order.</summary>
    public required IReadOnlyList<CubinParameter> Parameters { get; init; }

    /// <summary>The largest block that it may be launched with, where the source says so (__launch_bounds__).</summary>
    public required int? MaxThreads { get; init; }

    /// <summary>The block that it must be launched with, where the source says so.</summary>
    public required int? RequiredThreads { get; init; }

    /// <summary>Named barriers in use.</summary>
    public required int Barriers { get; init; }

    /// <summary>Spilled registers; null where the assembler does not mark them (CUDA 12) and the kernel touches local memory at all.</summary>
    public required SpillCount? Spills { get; init; }

    /// <summary>Loads from local memory, wherever they come from.</summary>
    public int LocalLoads => Instructions.Count(instruction => instruction.Mnemonic == "LDL");

    /// <summary>Stores to local memory, wherever they come from.</summary>
    public int LocalStores => Instructions.Count(instruction => instruction.Mnemonic == "STL");

    /// <summary>
    /// The loop that the kernel spends its time in, as far as the code tells: of the innermost loops around tensor-core instructions, the one
    /// with most of them; without any, the innermost loop with most instructions. Null where there is no loop.
    /// </summary>
    public SassLoop? MainLoop => SassLoops.Main(Loops);
}
