using System.Globalization;
using NativeDiffusion.Cli.Output;
using NativeDiffusion.VirtualGpu.Devices;
using NativeDiffusion.VirtualGpu.Estimates;

namespace NativeDiffusion.Cli.Kernels;

/// <summary>A profile as tables: machine code, launches, estimates.</summary>
internal static class KernelProfileReport
{
    /// <summary>Column heads of machine code, as in assembler logs and profilers.</summary>
    public static IReadOnlyList<string> CodeHeads { get; } =
        ["kernel", "entry", "target", "nvrtc", ">regs", ">smem", ">local", ">spills", ">code", ">loop", ">HMMA", ">LDSM", ">LDS", ">cycles", ">instr/HMMA",
            ">LDSM/HMMA", ">cycles/HMMA"];

    /// <summary>Writes the tables.</summary>
    public static void Write(Terminal terminal, ProfiledKernel[] kernels, DeviceModel[] cards, string origin)
    {
        terminal.Line($"machine code, {origin}; loop: instructions of a main loop iteration", "bold");
        terminal.Table(CodeHeads, kernels.SelectMany(kernel => kernel.Cubins.Select(cubin => Code(kernel.Variant, cubin))));
        if (kernels.All(kernel => kernel.Launches.Count == 0)) return;
        terminal.Line("launches, counted on the virtual GPU", "bold");
        terminal.Table(
            ["kernel", "entry", "shape", ">blocks", ">threads", ">smem", ">GFLOP", ">MB asked", ">MB unique", ">FLOP/B", ">sectors/needed", ">wavefronts",
                ">conflicts", ">atomics", ">barriers", ">divergent"],
            kernels.SelectMany(kernel => kernel.Launches.Select(launch => Launch(kernel.Variant, launch))));
        if (cards.Length == 0) return;
        terminal.Line("time, ESTIMATED by counters and published rates; never compared with hardware", "bold");
        terminal.Table(
            ["kernel", "entry", "shape", "card", ">µs", "bound by", ">tensor", ">issue", ">stalls", ">shared", ">special", ">L2", ">memory", ">blocks/SM",
                ">occupancy", ">waves"],
            kernels
                .SelectMany(kernel => kernel.Launches.SelectMany(launch => cards.Select(card => Estimate(kernel, launch, card))))
                .OfType<IReadOnlyList<string>>());
    }

    /// <summary>A row of machine code.</summary>
    public static IReadOnlyList<string> Code(string kernel, CubinBudget cubin) =>
    [
        kernel, cubin.Entry, cubin.Target, cubin.Compiler, KernelText.Count(cubin.Registers), KernelText.Count(
            cubin.SharedBytes), KernelText.Count(cubin.LocalBytes), KernelText.Count(cubin.Spills), KernelText.Count(cubin.CodeBytes),
        KernelText.Count(cubin.Loop?.Instructions), KernelText.Count(cubin.Loop?.Tensor), KernelText.Count(
            cubin.Loop?.MatrixLoads), KernelText.Count(cubin.Loop?.SharedLoads), KernelText.Count(cubin.Loop?.StallCycles),
        KernelText.PerTensor(cubin.Loop, loop => loop.Instructions), KernelText.PerTensor(
            cubin.Loop, loop => loop.MatrixLoads), KernelText.PerTensor(cubin.Loop, loop => loop.StallCycles),
    ];

    /// <summary>The estimate of a launch; null if the device cannot hold a block of it.</summary>
    public static TimeEstimate? Estimate(ProfiledKernel kernel, LaunchBudget launch, DeviceModel card, out KernelWork work)
    {
        work = launch.Work(kernel.Cubin(launch));
        return work.BlocksPerMultiprocessor(card) == 0 ? null : TimeEstimator.Estimate(work, card);
    }

    private static IReadOnlyList<string> Launch(string kernel, LaunchBudget launch)
    {
        KernelCounters counters = launch.Counters;
        return
        [
            kernel, launch.Entry, launch.Shape, launch.Blocks.ToString(
                CultureInfo.InvariantCulture), KernelText.Count(launch.Threads), KernelText.Count(launch.SharedBytes),
            KernelText.Number(counters.TensorFlops / 1e9, "0.00"), KernelText.Number(
                counters.GlobalBytes / 1e6, "0.00"), KernelText.Number(counters.UniqueBytes / 1e6, "0.00"),
            KernelText.Number(
                (double)counters.TensorFlops / counters.GlobalBytes, "0.0"), KernelText.Number((double)counters.Sectors / counters.SectorsNeeded, "0.000"),
            counters.SharedWavefronts.ToString(CultureInfo.InvariantCulture), counters.BankConflicts.ToString(CultureInfo.InvariantCulture),
            (counters.GlobalAtomics + counters.SharedAtomics).ToString(CultureInfo.InvariantCulture), counters.Barriers.ToString(
                CultureInfo.InvariantCulture), counters.DivergentBranches.ToString(CultureInfo.InvariantCulture),
        ];
    }

    private static List<string> Estimate(ProfiledKernel kernel, LaunchBudget launch, DeviceModel card)
    {
        TimeEstimate? estimate = Estimate(kernel, launch, card, out KernelWork work);
        if (estimate is null) return [kernel.Variant, launch.Entry, launch.Shape, card.Name, "-", "does not fit", .. Enumerable.Repeat("-", 10)];
        double occupancy = (double)estimate.BlocksPerMultiprocessor * work.Warps / card.Warps;
        return
        [
            kernel.Variant, launch.Entry, launch.Shape, card.Name, Micro(
                estimate.Seconds), KernelProfileJson.Name(estimate.Bound), .. estimate.Resources.Select(Micro),
            KernelText.Count(estimate.BlocksPerMultiprocessor), KernelText.Number(100 * occupancy, "0") + " %", KernelText.Count(estimate.Waves),
        ];
    }

    private static string Micro(double seconds) => KernelText.Number(seconds * 1e6, "0.0");
}
