using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.VirtualGpu.Devices;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Driver;

/// <summary>Which launches a device rejects, and with which status.</summary>
internal static class LaunchLimits
{
    private const int MaxGridX = int.MaxValue;
    private const int MaxGridYZ = 65535;
    private const int MaxBlockZ = 64;

    /// <summary>The maximum threads of a block: the kernel's own bound, and what the registers allow.</summary>
    public static int MaxThreads(VirtualFunction function, DeviceModel model, int registers)
    {
        PtxFunction kernel = function.Image.Function;
        int most = model.ThreadsPerBlock;
        (int x, int y, int z) = kernel.MaxThreads;
        if (x > 0) most = Math.Min(most, x * y * z);
        (x, y, z) = kernel.RequiredThreads;
        if (x > 0) most = Math.Min(most, x * y * z);
        if (registers > 0) most = Math.Min(most, Occupancy.WarpsByRegisters(model, registers) * 32);
        return most;
    }

    /// <summary>The maximum dynamic shared memory that a launch may request now.</summary>
    public static int MaxDynamicShared(VirtualFunction function, DeviceModel model) =>
        function.MaxDynamicShared >= 0 ? function.MaxDynamicShared : Math.Max(0, model.SharedPerBlock - function.Image.StaticSharedBytes);

    /// <summary>The status and reason of a launch that a device would reject; success and null otherwise.</summary>
    public static (CUresult Status, string? Reason) Check(KernelCall call, DeviceModel model, int registers)
    {
        (uint x, uint y, uint z) = (call.Grid.X, call.Grid.Y, call.Grid.Z);
        if (x == 0 || y == 0 || z == 0) return (CUresult.CUDA_ERROR_INVALID_VALUE, $"the grid {call.Grid} is empty");
        if (x > MaxGridX || y > MaxGridYZ
            || z > MaxGridYZ) return (CUresult.CUDA_ERROR_INVALID_VALUE, $"the grid {call.Grid} is beyond ({MaxGridX}, {MaxGridYZ}, {MaxGridYZ})");
        ulong threads = call.Block.Count;
        if (threads == 0) return (CUresult.CUDA_ERROR_INVALID_VALUE, $"the block {call.Block} is empty");
        if (threads > (ulong)model.ThreadsPerBlock || call.Block.Z > MaxBlockZ)
            return (CUresult.CUDA_ERROR_INVALID_VALUE, $"the block {call.Block} is beyond {model.ThreadsPerBlock} threads or {MaxBlockZ} in z");
        PtxFunction kernel = call.Function.Image.Function;
        (int rx, int ry, int rz) = kernel.RequiredThreads;
        if (rx > 0 && (call.Block.X, call.Block.Y, call.Block.Z) != ((uint)rx, (uint)ry, (uint)rz))
            return (CUresult.CUDA_ERROR_INVALID_VALUE, $"the block is {call.Block}, the kernel requires ({rx}, {ry}, {rz})");
        (int mx, int my, int mz) = kernel.MaxThreads;
        if (mx > 0 && threads > (ulong)(mx * my * mz))
            return (CUresult.CUDA_ERROR_INVALID_VALUE, $"the block has {threads} threads, the kernel allows at most {mx * my * mz}");
        int shared = call.Function.Image.StaticSharedBytes + call.SharedBytes;
        int most = MaxDynamicShared(call.Function, model);
        if (call.SharedBytes > most)
        {
            return (CUresult.CUDA_ERROR_INVALID_VALUE, shared > model.SharedPerBlock && shared <= model.SharedPerBlockOptIn
                ? $"{call.SharedBytes} bytes of dynamic shared memory need cuFuncSetAttribute with MAX_DYNAMIC_SHARED_SIZE_BYTES; the limit is {most}"
                : $"{call.SharedBytes} bytes of dynamic shared memory beside {call.Function.Image.StaticSharedBytes} static ones are more than "
                    + $"sm_{model.Architecture} has for a block");
        }
        if (registers > 0 && threads > (ulong)MaxThreads(call.Function, model, registers))
            return (CUresult.CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES, $"{threads} threads of {registers} registers are more than {model.Registers} registers");
        if (kernel.WantsCluster) return (CUresult.CUDA_ERROR_NOT_SUPPORTED, "the kernel requires clusters, which are not supported");
        return (CUresult.CUDA_SUCCESS, null);
    }
}
