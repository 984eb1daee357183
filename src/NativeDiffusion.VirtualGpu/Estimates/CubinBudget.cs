using NativeDiffusion.VirtualGpu.Cubin;

namespace NativeDiffusion.VirtualGpu.Estimates;

/// <summary>What one compiler made of one entry of a kernel for one architecture.</summary>
public sealed record CubinBudget
{
    /// <summary>The kernel's name as launched.</summary>
    public required string Entry { get; init; }

    /// <summary>The architecture, as sm_90.</summary>
    public required string Target { get; init; }

    /// <summary>The version of NVRTC, as 12.1.</summary>
    public required string Compiler { get; init; }

    /// <summary>Registers of a thread.</summary>
    public required int Registers { get; init; }

    /// <summary>Static shared memory of a block, in bytes.</summary>
    public required int SharedBytes { get; init; }

    /// <summary>Local memory of a thread, in bytes.</summary>
    public required int LocalBytes { get; init; }

    /// <summary>Instructions that spill or reload registers; where the assembler does not mark them (CUDA 12), all that touch local memory.</summary>
    public required int Spills { get; init; }

    /// <summary>Bytes of machine code.</summary>
    public required int CodeBytes { get; init; }

    /// <summary>The main loop; null where there is none.</summary>
    public LoopBudget? Loop { get; init; }

    /// <summary>The numbers of a kernel.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="target">The architecture, as sm_90.</param>
    /// <param name="compiler">The version of NVRTC, as 12.1.</param>
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
