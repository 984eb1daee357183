namespace NativeDiffusion.VirtualGpu.Devices;

/// <summary>How many blocks of a kernel a multiprocessor holds at once, as the CUDA occupancy calculator has it.</summary>
internal static class Occupancy
{
    private const int WarpGranularity = 4;
    private const int RegisterUnit = 256;

    /// <summary>Blocks of so many threads, bytes of shared memory and registers a thread (0: not known, not a limit).</summary>
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
    /// Warps of so many registers a thread that a multiprocessor, and so a block, has registers for: the same number in each of its four parts.
    /// </summary>
    public static int WarpsByRegisters(DeviceModel device, int registers)
    {
        int perWarp = ((registers * 32) + RegisterUnit - 1) / RegisterUnit * RegisterUnit;
        return device.Registers / perWarp / WarpGranularity * WarpGranularity;
    }
}
