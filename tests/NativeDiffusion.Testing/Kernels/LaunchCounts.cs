using NativeDiffusion.Verification;
using NativeDiffusion.VirtualGpu;
using NativeDiffusion.VirtualGpu.Counters;
using NativeDiffusion.VirtualGpu.Devices;
using NativeDiffusion.VirtualGpu.Estimates;

namespace NativeDiffusion.Testing.Kernels;

/// <summary>
/// What the launches of cases cost: through the launchers and the PTX that ships, so that the counters are those of production code and need no
/// compiler. Operands are zeros; whether kernels are right is for their cases' own run.
/// </summary>
internal static class LaunchCounts
{
    /// <summary>The cases whose launches kernels/budgets.json holds.</summary>
    public static IReadOnlyList<KernelCase> Budgeted { get; } = [.. KernelCases.All.Where(one => one.IsBudgeted)];

    /// <summary>The card whose PTX and limits a case is counted for.</summary>
    public static DeviceModel Card(KernelCase one) => one.Variant.Fits(DeviceModel.H100.Architecture) ? DeviceModel.H100 : DeviceModel.T4;

    /// <summary>What launching one counts.</summary>
    public static IReadOnlyList<LaunchBudget> Count(KernelCase one) => Count(one, new VirtualGpuOptions { IsCounting = true, HasChecks = false });

    /// <summary>The same on a virtual GPU that does more than count.</summary>
    public static IReadOnlyList<LaunchBudget> Count(KernelCase one, VirtualGpuOptions options) =>
        [.. Launches(one, options with { Devices = [Card(one)] }).Select(counters => LaunchBudget.Of(counters, one.Problem, Card(one)))];

    /// <summary>The counters of a case's launches on a virtual card.</summary>
    public static IReadOnlyList<LaunchCounters> Launches(KernelCase one, VirtualGpuOptions options)
    {
        using var card = new VirtualKernelDevice(options);
        using (card.Device.Context.Enter())
        {
            using var memory = new KernelMemory(card.Device.Context, card.Device.Stream, hasData: false);
            one.Prepare(card.Device, memory).Launch(card.Device.Stream);
            card.Device.Stream.Synchronize();
        }

        return card.Launches;
    }
}
