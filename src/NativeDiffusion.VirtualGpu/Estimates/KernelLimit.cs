namespace NativeDiffusion.VirtualGpu.Estimates;

/// <summary>A number of a kernel that must not grow past what its author promised, whatever the committed numbers are.</summary>
/// <param name="Name">
/// What is limited, of machine code: registers, spills, localBytes, instructionsPerTensor, matrixLoadsPerTensor, stallCyclesPerTensor; of
/// launches: bankConflicts, bytesPerUniqueByte, sectorsPerSectorNeeded, localBytes.
/// </param>
/// <param name="Most">The most that it may be.</param>
/// <param name="Entry">The kernel's name; null for all of the variant.</param>
/// <param name="Target">The architecture, as sm_90; null for all.</param>
public sealed record KernelLimit(string Name, double Most, string? Entry = null, string? Target = null)
{
    /// <summary>The number that is limited, of machine code; null where the limit is not for it.</summary>
    /// <exception cref="FormatException">The limit's name is none.</exception>
    public double? Of(CubinBudget cubin)
    {
        ArgumentNullException.ThrowIfNull(cubin);
        if ((Entry is not null && Entry != cubin.Entry) || (Target is not null && Target != cubin.Target)) return null;
        return Name switch
        {
            "registers" => cubin.Registers,
            "spills" => cubin.Spills,
            "localBytes" => cubin.LocalBytes,
            "instructionsPerTensor" => PerTensor(cubin.Loop, cubin.Loop?.Instructions),
            "matrixLoadsPerTensor" => PerTensor(cubin.Loop, cubin.Loop?.MatrixLoads),
            "stallCyclesPerTensor" => PerTensor(cubin.Loop, cubin.Loop?.StallCycles),
            "bankConflicts" or "bytesPerUniqueByte" or "sectorsPerSectorNeeded" => null,
            _ => throw new FormatException($"There is no limit '{Name}'."),
        };
    }

    /// <summary>The number that is limited, of a launch; null where the limit is not for it.</summary>
    public double? Of(LaunchBudget launch)
    {
        ArgumentNullException.ThrowIfNull(launch);
        if (Target is not null || (Entry is not null && Entry != launch.Entry)) return null;
        return Name switch
        {
            "bankConflicts" => launch.Counters.BankConflicts,
            "bytesPerUniqueByte" => (double)launch.Counters.GlobalBytes / launch.Counters.UniqueBytes,
            "sectorsPerSectorNeeded" => (double)launch.Counters.Sectors / launch.Counters.SectorsNeeded,
            "localBytes" => launch.Counters.LocalBytes,
            _ => null,
        };
    }

    private static double? PerTensor(LoopBudget? loop, int? count) => loop is { Tensor: > 0 } ? (double)count!.Value / loop.Tensor : null;
}
