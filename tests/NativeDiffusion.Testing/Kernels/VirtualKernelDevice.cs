using System.Diagnostics.CodeAnalysis;
using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Cuda.Kernels;
using NativeDiffusion.Testing.Cuda;
using NativeDiffusion.Verification;
using NativeDiffusion.VirtualGpu;
using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Counters;
using NativeDiffusion.VirtualGpu.Devices;

namespace NativeDiffusion.Testing.Kernels;

/// <summary>A virtual card that kernels' cases run on, with the shipped PTX alone. At the end all must be given back, and nothing found.</summary>
internal sealed class VirtualKernelDevice : IDisposable
{
    /// <param name="options">The card; its registers come from the shipped budgets.</param>
    /// <param name="ptx">The kernels' texts; null for those that ship.</param>
    [SuppressMessage("Reliability", "CA2000", Justification = "The kernels' device owns the context.")]
    public VirtualKernelDevice(VirtualGpuOptions options, ShippedPtx? ptx = null)
    {
        Driver = new VirtualCudaDriver(options with { Budgets = ShippedBudgets.All });
        CudaContext context = CudaContext.Open(Driver);
        Device = new KernelDevice(context, new KernelLoader(context, compiler: null, cache: null, ptx ?? KernelList.ShippedPtx));
    }

    /// <summary>The driver, with what it found and counted.</summary>
    public VirtualCudaDriver Driver { get; }

    /// <summary>What cases run on.</summary>
    public KernelDevice Device { get; }

    /// <summary>What the launches cost so far.</summary>
    public IReadOnlyList<LaunchCounters> Launches => Driver.Launches;

    /// <summary>Cards whose shipped PTX differs; one worker, so that findings come in the same order every time.</summary>
    public static VirtualGpuOptions Card(int capability, bool isAdversarial = false) =>
        new() { Workers = 1, Devices = [DeviceModel.Of(capability)], IsAdversarial = isAdversarial };

    /// <summary>Runs a case: nothing must be found, the entries must be those that the case names, and the result within its tolerance.</summary>
    public void Check(KernelCase one)
    {
        Driver.ClearLaunches();
        VerifyResult result = one.Check(Device);
        FoundException.ThrowIfAny(Driver.Findings);
        Assert.True(result.Verdict == VerifyVerdict.Passed, result.Detail);
        Assert.Equal(one.Entries(Device.Properties), Launches.Select(launch => launch.Kernel));
    }

    /// <summary>Gives everything back, whatever was found: where findings are what is looked for.</summary>
    public void Discard()
    {
        Device.Dispose();
        Driver.Dispose();
    }

    public void Dispose()
    {
        Device.Dispose();
        Driver.FindLeaks();
        IReadOnlyList<Finding> findings = Driver.Findings;
        Driver.Dispose();
        FoundException.ThrowIfAny(findings);
    }
}
