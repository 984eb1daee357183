using System.Globalization;
using NativeDiffusion.Cuda;
using NativeDiffusion.Testing.Kernels;
using NativeDiffusion.Verification;
using NativeDiffusion.VirtualGpu.Devices;
using NativeDiffusion.VirtualGpu.Estimates;

namespace NativeDiffusion.Benchmarks.Kernels;

/// <summary>
/// Every kernel's cases whose launches the budgets count. With a card: measured, beside what the operation needs at least. Without one nothing is measured,
/// and the table says so: what the virtual GPU counted, and estimates.
/// </summary>
internal static class KernelTable
{
    public static void Run(string part, TextWriter output)
    {
        KernelCase[] cases = [.. LaunchCounts.Budgeted.Where(one => $"{one.Kernel} {one.Problem}".Contains(part, StringComparison.OrdinalIgnoreCase))];
        var backend = new NativeCudaBackend();
        if (backend.CardCount > 0)
        {
            MeasuredKernels.Run(backend, cases, output);
            return;
        }

        output.WriteLine(
            "There is no NVIDIA card: nothing was measured. Counted on the virtual GPU, times ESTIMATED from that and never compared with a card.");
        output.WriteLine(
            "| kernel | entry | shape | card | MB asked | sectors x 32 / bytes needed | bank conflicts | estimated µs | bound by | times what memory alone "
                + "takes |");
        output.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
        KernelBudgets budgets = ShippedBudgets.All;
        foreach (KernelCase one in cases)
        {
            foreach (LaunchBudget counted in LaunchCounts.Count(one))
                foreach (string name in (string[])["A100", "RTX 4090", "H100"])
                    Row(budgets, one, counted, DeviceModel.Of(name), output);
        }
    }

    private static void Row(KernelBudgets budgets, KernelCase one, LaunchBudget counted, DeviceModel card, TextWriter output)
    {
        KernelWork work = counted.Work(
            budgets.Kernels.FirstOrDefault(kernel => kernel.Variant == one.Kernel)?.CubinFor(counted.Entry, card.Architecture));
        // A variant for older cards, or a share that this one's multiprocessors cannot hold.
        if (!one.Variant.Fits(card.Architecture) || work.BlocksPerMultiprocessor(card) == 0) return;
        TimeEstimate estimate = TimeEstimator.Estimate(work, card);
        KernelCounters counters = counted.Counters;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {one.Kernel} | {counted.Entry} | {counted.Shape} | {card.Name} | {counters.GlobalBytes / 1e6:F2} | "
                + $"{(double)counters.Sectors / counters.SectorsNeeded:F2} | {counters.BankConflicts} | {estimate.Seconds * 1e6:F1} | {estimate.Bound} | "
                + $"{(estimate.Seconds - estimate.GapSeconds) / estimate.Resources[(int)TimeBound.Memory]:F2} |"));
    }
}
