namespace NativeDiffusion.VirtualGpu.Cubin;

/// <summary>A kernel in machine code.</summary>
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

    /// <summary>Static shared memory, in bytes; neither dynamic shared memory nor what the system reserves is in it.</summary>
    public required int SharedBytes { get; init; }

    /// <summary>Local memory per thread of the kernel itself: dynamically indexed arrays and spilled registers.</summary>
    public required int LocalBytes { get; init; }

    /// <summary>Local memory per thread with all calls; null if recursion leaves it open.</summary>
    public required int? StackBytes { get; init; }

    /// <summary>Bytes of constant bank 0: the driver's part, then the parameters.</summary>
    public required int ConstantBytes { get; init; }

    /// <summary>Bytes of the parameters.</summary>
    public required int ParameterBytes { get; init; }

    /// <summary>The parameters, in order.</summary>
    public required IReadOnlyList<CubinParameter> Parameters { get; init; }

    /// <summary>The maximum block size, where the source sets it (__launch_bounds__).</summary>
    public required int? MaxThreads { get; init; }

    /// <summary>The required block size, where the source sets it.</summary>
    public required int? RequiredThreads { get; init; }

    /// <summary>Named barriers in use.</summary>
    public required int Barriers { get; init; }

    /// <summary>Spilled registers; null if the assembler does not mark them (CUDA 12) and the kernel accesses local memory at all.</summary>
    public required SpillCount? Spills { get; init; }

    /// <summary>Loads from local memory, of any origin.</summary>
    public int LocalLoads => Instructions.Count(instruction => instruction.Mnemonic == "LDL");

    /// <summary>Stores to local memory, wherever they come from.</summary>
    public int LocalStores => Instructions.Count(instruction => instruction.Mnemonic == "STL");

    /// <summary>
    /// The main loop, as far as the code tells: of the innermost loops around tensor-core instructions, the one
    /// with most of them; without any, the innermost loop with most instructions. Null if there is no loop.
    /// </summary>
    public SassLoop? MainLoop => SassLoops.Main(Loops);
}
