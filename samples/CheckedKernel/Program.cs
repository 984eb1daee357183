using System.Text;
using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.VirtualGpu;
using NativeDiffusion.VirtualGpu.Devices;

// reverse.ptx reverses 64 numbers through shared memory; the barrier between writes and reads is missing.
byte[] ptx = [.. Encoding.UTF8.GetBytes(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "reverse.ptx"))), 0];
using var driver = new VirtualCudaDriver(new VirtualGpuOptions { Devices = [DeviceModel.H100], FailsOnFindings = false });
unsafe
{
    driver.cuInit(0);
    driver.cuDevicePrimaryCtxRetain(out CUcontext context, new CUdevice(0));
    driver.cuCtxPushCurrent(context);
    CUmodule module;
    fixed (byte* image = ptx) Check(driver.cuModuleLoadDataEx(out module, image, 0, null, null));
    Check(driver.cuModuleGetFunction(out CUfunction reverse, module, "reverse"));
    int[] numbers = [.. Enumerable.Range(0, 64)];
    Check(driver.cuMemAlloc(out CUdeviceptr x, 64 * sizeof(int)));
    fixed (int* host = numbers) Check(driver.cuMemcpyHtoD(x, host, 64 * sizeof(int)));
    void* argument = &x;
    Check(driver.cuLaunchKernel(reverse, 1, 1, 1, 64, 1, 1, 0, default, &argument, null));
    fixed (int* host = numbers) Check(driver.cuMemcpyDtoH(host, x, 64 * sizeof(int)));
    Check(driver.cuMemFree(x));
}

foreach (var finding in driver.Findings.Take(1)) Console.WriteLine(finding);
foreach (var launch in driver.Launches)
    Console.WriteLine($"{launch.Kernel}: {launch.WarpInstructions} instructions, {launch.GlobalBytes} bytes, {launch.BankConflicts} bank conflicts");

static void Check(CUresult status)
{
    if (status != CUresult.CUDA_SUCCESS) throw new InvalidOperationException(status.ToString());
}
