namespace NativeDiffusion.VirtualGpu.Estimates;

/// <summary>A limit set by a kernel's author, independent of the committed numbers.</summary>
/// <param name="Name">
/// The limited number, of machine code: registers, spills, localBytes, instructionsPerTensor, matrixLoadsPerTensor, stallCyclesPerTensor; of
/// launches: bankConflicts, bytesPerUniqueByte, sectorsPerSectorNeeded, localBytes, instructionsPerByte (thread instructions per byte
/// of global memory accessed), divergentBranchesPerWarp, globalBytes.
/// </param>
/// <param name="Most">The maximum.</param>
/// <param name="Entry">The kernel's name; null for all of the variant.</param>
/// <param name="Target">The architecture, such as sm_90; null for all.</param>
/// <param name="Shape">The launch's sizes, such as 1024x1024x1024; null for all.</param>
public sealed record KernelLimit(string Name, double Most, string? Entry = null, string? Target = null, string? Shape = null)
{
    private const int WarpThreads = 32;

    /// <summary>The limited number, of machine code; null if the limit does not apply to it.</summary>
    /// <exception cref="FormatException">The limit's name is unknown.</exception>
    public double? Of(CubinBudget cubin)
    {
        ArgumentNullException.ThrowIfNull(cubin);
        if (Shape is not null || (Entry is not null && Entry != cubin.Entry) || (Target is not null && Target != cubin.Target)) return null;
        return Name switch
        {
            "registers" => cubin.Registers,
            "spills" => cubin.Spills,
            "localBytes" => cubin.LocalBytes,
            "instructionsPerTensor" => PerTensor(cubin.Loop, cubin.Loop?.Instructions),
            "matrixLoadsPerTensor" => PerTensor(cubin.Loop, cubin.Loop?.MatrixLoads),
            "stallCyclesPerTensor" => PerTensor(cubin.Loop, cubin.Loop?.StallCycles),
            "bankConflicts" or "bytesPerUniqueByte" or "sectorsPerSectorNeeded" or "instructionsPerByte" or "divergentBranchesPerWarp" or "globalBytes" => null,
            _ => throw new FormatException($"There is no limit '{Name}'."),
        };
    }

    /// <summary>The limited number, of a launch; null if the limit does not apply to it.</summary>
    public double? Of(LaunchBudget launch)
    {
        ArgumentNullException.ThrowIfNull(launch);
        if (Target is not null || (Entry is not null && Entry != launch.Entry) || (Shape is not null && Shape != launch.Shape)) return null;
        return Name switch
        {
            "bankConflicts" => launch.Counters.BankConflicts,
            "bytesPerUniqueByte" => (double)launch.Counters.GlobalBytes / launch.Counters.UniqueBytes,
            "sectorsPerSectorNeeded" => (double)launch.Counters.Sectors / launch.Counters.SectorsNeeded,
            "localBytes" => launch.Counters.LocalBytes,
            "instructionsPerByte" => (double)launch.Counters.WarpInstructions * WarpThreads / launch.Counters.GlobalBytes,
            "divergentBranchesPerWarp" => (double)launch.Counters.DivergentBranches * WarpThreads / (launch.Blocks * launch.Threads),
            "globalBytes" => launch.Counters.GlobalBytes,
            _ => null,
        };
    }

    private static double? PerTensor(LoopBudget? loop, int? count) => loop is { Tensor: > 0 } ? (double)count!.Value / loop.Tensor : null;
}
