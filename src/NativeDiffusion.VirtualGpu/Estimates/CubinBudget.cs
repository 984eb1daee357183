using NativeDiffusion.VirtualGpu.Cubin;

namespace NativeDiffusion.VirtualGpu.Estimates;

/// <summary>The output of one compiler for one entry of a kernel and one architecture.</summary>
public sealed record CubinBudget
{
    /// <summary>The kernel's name as launched.</summary>
    public required string Entry { get; init; }

    /// <summary>The architecture, such as sm_90.</summary>
    public required string Target { get; init; }

    /// <summary>The version of NVRTC, such as 12.1.</summary>
    public required string Compiler { get; init; }

    /// <summary>Registers of a thread.</summary>
    public required int Registers { get; init; }

    /// <summary>Static shared memory of a block, in bytes.</summary>
    public required int SharedBytes { get; init; }

    /// <summary>Local memory of a thread, in bytes.</summary>
    public required int LocalBytes { get; init; }

    /// <summary>Spill instructions; where the assembler does not mark them (CUDA 12), all local memory accesses.</summary>
    public required int Spills { get; init; }

    /// <summary>Bytes of machine code.</summary>
    public required int CodeBytes { get; init; }

    /// <summary>The main loop; null if there is none.</summary>
    public LoopBudget? Loop { get; init; }

    /// <summary>The numbers of a kernel.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="target">The architecture, such as sm_90.</param>
    /// <param name="compiler">The version of NVRTC, such as 12.1.</param>
    public static CubinBudget Of(CubinKernel kernel, string target, string compiler)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        return new CubinBudget
        {
            Entry = kernel.Name,
            Target = target,
            Compiler = compiler,
            Registers = kernel.Registers,
            SharedBytes = kernel.SharedBytes,
            LocalBytes = kernel.LocalBytes,
            Spills = kernel.Spills?.Total ?? kernel.LocalLoads + kernel.LocalStores,
            CodeBytes = kernel.CodeBytes,
            Loop = kernel.MainLoop is { } loop ? LoopBudget.Of(loop) : null,
        };
    }
}
