using System.Text.Json;
using NativeDiffusion.VirtualGpu.Devices;
using NativeDiffusion.VirtualGpu.Estimates;

namespace NativeDiffusion.Cli.Kernels;

/// <summary>A profile as JSON, with the names of kernels/budgets.json.</summary>
internal static class KernelProfileJson
{
    /// <summary>The bound of a launch, in a word.</summary>
    public static string Name(TimeBound bound) => bound == TimeBound.Cache ? "L2" : JsonNamingPolicy.CamelCase.ConvertName(bound.ToString());

    /// <summary>Writes the document.</summary>
    public static void Write(Utf8JsonWriter json, ProfiledKernel[] kernels, DeviceModel[] cards, string origin)
    {
        json.WriteStartObject();
        json.WriteString("machineCode", origin);
        json.WriteString("times", "estimates by counters and published rates, never compared with hardware");
        json.WriteStartArray("kernels");
        foreach (ProfiledKernel kernel in kernels)
        {
            json.WriteStartObject();
            json.WriteString("variant", kernel.Variant);
            json.WriteString("source", kernel.Source);
            json.WriteStartArray("cubins");
            foreach (CubinBudget cubin in kernel.Cubins) Write(json, cubin);
            json.WriteEndArray();
            json.WriteStartArray("launches");
            foreach (LaunchBudget launch in kernel.Launches) Write(json, kernel, launch, cards);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Writes one entry's machine code.</summary>
    public static void Write(Utf8JsonWriter json, CubinBudget cubin)
    {
        json.WriteStartObject();
        json.WriteString("entry", cubin.Entry);
        json.WriteString("target", cubin.Target);
        json.WriteString("compiler", cubin.Compiler);
        json.WriteNumber("registers", cubin.Registers);
        json.WriteNumber("sharedBytes", cubin.SharedBytes);
        json.WriteNumber("localBytes", cubin.LocalBytes);
        json.WriteNumber("spills", cubin.Spills);
        json.WriteNumber("codeBytes", cubin.CodeBytes);
        if (cubin.Loop is { } loop)
        {
            json.WriteStartObject("loop");
            json.WriteNumber("instructions", loop.Instructions);
            json.WriteNumber("tensor", loop.Tensor);
            json.WriteNumber("matrixLoads", loop.MatrixLoads);
            json.WriteNumber("sharedLoads", loop.SharedLoads);
            json.WriteNumber("stallCycles", loop.StallCycles);
            if (loop.Tensor > 0)
            {
                json.WriteNumber("instructionsPerTensor", (double)loop.Instructions / loop.Tensor);
                json.WriteNumber("matrixLoadsPerTensor", (double)loop.MatrixLoads / loop.Tensor);
                json.WriteNumber("stallCyclesPerTensor", (double)loop.StallCycles / loop.Tensor);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ProfiledKernel kernel, LaunchBudget launch, DeviceModel[] cards)
    {
        KernelCounters counters = launch.Counters;
        json.WriteStartObject();
        json.WriteString("entry", launch.Entry);
        json.WriteString("shape", launch.Shape);
        json.WriteNumber("blocks", launch.Blocks);
        json.WriteNumber("threads", launch.Threads);
        json.WriteNumber("sharedBytes", launch.SharedBytes);
        json.WriteStartObject("counters");
        json.WriteNumber("warpInstructions", counters.WarpInstructions);
        json.WriteStartObject("classes");
        foreach ((string kind, long count) in counters.Classes) json.WriteNumber(kind, count);
        json.WriteEndObject();
        foreach ((string name, long value) in Values(counters)) json.WriteNumber(name, value);
        json.WriteEndObject();
        json.WriteStartArray("estimates");
        foreach (DeviceModel card in cards)
        {
            if (KernelProfileReport.Estimate(kernel, launch, card, out _) is not { } estimate) continue;
            json.WriteStartObject();
            json.WriteString("card", estimate.Card);
            json.WriteNumber("microseconds", estimate.Seconds * 1e6);
            json.WriteString("bound", Name(estimate.Bound));
            json.WriteStartObject("alone");
            for (int i = 0; i < estimate.Resources.Count; i++) json.WriteNumber(Name((TimeBound)i), estimate.Resources[i] * 1e6);
            json.WriteEndObject();
            json.WriteNumber("gap", estimate.GapSeconds * 1e6);
            json.WriteNumber("blocksPerMultiprocessor", estimate.BlocksPerMultiprocessor);
            json.WriteNumber("waves", estimate.Waves);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static (string Name, long Value)[] Values(KernelCounters counters) =>
    [
        ("tensorFlops", counters.TensorFlops), ("globalBytes", counters.GlobalBytes), ("uniqueBytes", counters.UniqueBytes), ("sectors", counters.Sectors),
            ("sectorsNeeded", counters.SectorsNeeded),
        ("sharedWavefronts", counters.SharedWavefronts), ("bankConflicts", counters.BankConflicts), ("localBytes", counters.LocalBytes),
            ("globalAtomics", counters.GlobalAtomics),
        ("sharedAtomics", counters.SharedAtomics), ("barriers", counters.Barriers), ("divergentBranches", counters.DivergentBranches),
    ];
}
