namespace NativeDiffusion.VirtualGpu.Devices;

/// <summary>Occupancy: resident blocks of a kernel per multiprocessor, as the CUDA occupancy calculator computes it.</summary>
internal static class Occupancy
{
    private const int WarpGranularity = 4;
    private const int RegisterUnit = 256;

    /// <summary>Resident blocks by threads, bytes of shared memory and registers per thread (0: unknown, not a limit).</summary>
    public static int Blocks(DeviceModel device, int threads, int sharedBytes, int registers)
    {
        int warps = (threads + 31) / 32;
        if (warps == 0 || threads > device.ThreadsPerBlock) return 0;
        int blocks = Math.Min(device.BlocksPerMultiprocessor, device.Warps / warps);
        int shared = sharedBytes + device.ReservedShared;
        if (sharedBytes > device.SharedPerBlockOptIn) return 0;
        shared = (shared + device.SharedUnit - 1) / device.SharedUnit * device.SharedUnit;
        if (shared > 0) blocks = Math.Min(blocks, device.SharedPerMultiprocessor / shared);
        if (registers <= 0) return blocks;
        return Math.Min(blocks, WarpsByRegisters(device, registers) / warps);
    }

    /// <summary>
    /// Resident warps by registers per thread: the same number in each of a multiprocessor's four partitions.
    /// </summary>
    public static int WarpsByRegisters(DeviceModel device, int registers)
    {
        int perWarp = ((registers * 32) + RegisterUnit - 1) / RegisterUnit * RegisterUnit;
        return device.Registers / perWarp / WarpGranularity * WarpGranularity;
    }
}
