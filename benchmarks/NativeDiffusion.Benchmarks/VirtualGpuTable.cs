using System.Globalization;
using System.Text;
using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.VirtualGpu;
using NativeDiffusion.VirtualGpu.Counters;

namespace NativeDiffusion.Benchmarks;

/// <summary>How fast one core executes PTX: thread-instructions and tensor-core operations a second, with and without checks.</summary>
internal static unsafe class VirtualGpuTable
{
    private const int Threads = 256;
    private const int Blocks = 8;
    private const int Repeats = 5;

    public static void Run(TextWriter output)
    {
        output.WriteLine("| kernel | how | M thread-instructions/s | tensor GFLOP/s |");
        output.WriteLine("|---|---|---|---|");
        var usual = new VirtualGpuOptions { Workers = 1 };
        foreach ((string name, string ptx, uint rounds) in (ReadOnlySpan<(string, string, uint)>)
            [("arithmetic", VirtualGpuKernels.Arithmetic, 4000), ("memory", VirtualGpuKernels.Memory, 1000), ("tensor", VirtualGpuKernels.Tensor, 300)])
        {
            Measure(output, name, "compiled, all checks", ptx, rounds, usual);
            Measure(output, name, "not compiled, all checks", ptx, rounds, usual with { IsCompiled = false });
            Measure(output, name, "compiled, no checks", ptx, rounds, usual with { HasChecks = false });
            if (name != "tensor") continue;
            Measure(output, name, "truncating, all checks", ptx, rounds, usual with { IsTruncating = true });
            Measure(output, name, "counting, no checks", ptx, rounds, usual with { IsCounting = true, HasChecks = false });
        }
    }

    private static void Measure(TextWriter output, string name, string how, string ptx, uint rounds, VirtualGpuOptions options)
    {
        using var driver = new VirtualCudaDriver(options);
        Check(driver, driver.cuInit(0));
        Check(driver, driver.cuDevicePrimaryCtxRetain(out CUcontext context, new CUdevice(0)));
        Check(driver, driver.cuCtxPushCurrent(context));
        CUmodule module;
        fixed (byte* text = Encoding.UTF8.GetBytes(ptx + "\0")) Check(driver, driver.cuModuleLoadDataEx(out module, text, 0, null, null));
        Check(driver, driver.cuModuleGetFunction(out CUfunction function, module, "k"));
        double best = double.MaxValue;
        nint* arguments = stackalloc nint[3];
        for (int i = 0; i < Repeats; i++)
        {
            // All blocks work on one buffer, so they are launches of their own.
            Check(driver, driver.cuMemAlloc(out CUdeviceptr result, Threads * 16));
            Check(driver, driver.cuMemAlloc(out CUdeviceptr source, Threads * 16));
            Check(driver, driver.cuMemsetD32Async(source, 0x3C003C00, Threads * 4, default));
            (arguments[0], arguments[1], arguments[2]) = ((nint)(&result), (nint)(&source), (nint)(&rounds));
            for (int block = 0; block < Blocks; block++) Check(driver, driver.cuLaunchKernel(function, 1, 1, 1, Threads, 1, 1, 0, default, (void**)arguments, null));
            driver.ClearLaunches();
            // The processor's time, not the wall's: one worker runs on this thread, whatever else the machine does.
            TimeSpan before = Environment.CpuUsage.TotalTime;
            Check(driver, driver.cuCtxSynchronize());
            best = Math.Min(best, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
            Check(driver, driver.cuMemFree(result));
            Check(driver, driver.cuMemFree(source));
        }
        IReadOnlyList<LaunchCounters> launches = driver.Launches;
        double instructions = launches.Sum(launch => launch.ThreadInstructions) / best / 1e6, flops = launches.Sum(launch => launch.TensorFlops) / best / 1e9;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {how} | {instructions:F0} | {(flops > 0 ? flops.ToString("F1", CultureInfo.InvariantCulture) : "")} |"));
    }

    private static void Check(VirtualCudaDriver driver, CUresult result)
    {
        if (result != CUresult.CUDA_SUCCESS) throw new InvalidOperationException($"{result}: {string.Join(" ", driver.Findings)}");
    }
}
