using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.VirtualGpu.Devices;

namespace NativeDiffusion.VirtualGpu.Driver;

/// <summary>A device: its model, its primary context, its streams, the allocated memory.</summary>
internal sealed class VirtualDevice(int ordinal, DeviceModel model, nint context, nint pool)
{
    private long _works;

    public int Ordinal => ordinal;

    public DeviceModel Model => model;

    /// <summary>The handle of the primary context.</summary>
    public CUcontext Context { get; } = new(context);

    public CUmemoryPool Pool { get; } = new(pool);

    /// <summary>The retain count of the primary context.</summary>
    public int Retained { get; set; }

    public CUctx_flags Flags { get; set; }

    /// <summary>Bytes of device memory that are allocated.</summary>
    public long UsedBytes { get; set; }

    public long StackBytes { get; set; } = 1024;

    public ulong ReleaseThreshold { get; set; }

    /// <summary>The error that broke the context; CUDA_SUCCESS while it is usable.</summary>
    public CUresult Broken { get; set; }

    /// <summary>The default stream (handle zero), with which blocking streams synchronise.</summary>
    public VirtualStream DefaultStream { get; } = new(new CUstream(0), true);

    /// <summary>Streams that were created, in order.</summary>
    public List<VirtualStream> Streams { get; } = [];

    /// <summary>Devices whose memory its kernels may access (peer access).</summary>
    public HashSet<int> Peers { get; } = [];

    /// <summary>Numbers the work that is enqueued on streams, in the order of the calls.</summary>
    public long NextWorkNumber() => ++_works;

    /// <summary>Executes everything that is enqueued; independent work executes in reverse order of the calls.</summary>
    public void Drain()
    {
        foreach (VirtualStream stream in Streams.OrderByDescending(stream => stream.LastNumber).ToList()) stream.Last?.Run();
        DefaultStream.Last?.Run();
    }
}
