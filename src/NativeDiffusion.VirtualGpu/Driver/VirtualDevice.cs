using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.VirtualGpu.Devices;

namespace NativeDiffusion.VirtualGpu.Driver;

/// <summary>A card: its model, its primary context, its streams, the memory that is in use.</summary>
internal sealed class VirtualDevice(int ordinal, DeviceModel model, nint context, nint pool)
{
    public int Ordinal => ordinal;

    public DeviceModel Model => model;

    /// <summary>The handle of the primary context.</summary>
    public CUcontext Context { get; } = new(context);

    public CUmemoryPool Pool { get; } = new(pool);

    /// <summary>How often the primary context was retained.</summary>
    public int Retained { get; set; }

    public CUctx_flags Flags { get; set; }

    /// <summary>Bytes of device memory that are allocated.</summary>
    public long UsedBytes { get; set; }

    public long StackBytes { get; set; } = 1024;

    public ulong ReleaseThreshold { get; set; }

    /// <summary>What ended the context; CUDA_SUCCESS while it lives.</summary>
    public CUresult Broken { get; set; }

    /// <summary>The stream of handle zero, with which others synchronise.</summary>
    public VirtualStream DefaultStream { get; } = new(new CUstream(0), true);

    /// <summary>Streams that were created, in order.</summary>
    public List<VirtualStream> Streams { get; } = [];

    /// <summary>Devices whose memory its kernels may use.</summary>
    public HashSet<int> Peers { get; } = [];

    /// <summary>Everything that was ever asked of the device is done afterwards; what was asked first comes last, unless something orders it.</summary>
    public void Drain()
    {
        foreach (VirtualStream stream in Streams.OrderByDescending(stream => stream.Last?.Number ?? 0).ToList()) stream.Last?.Run();
        DefaultStream.Last?.Run();
    }
}
