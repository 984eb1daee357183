using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.VirtualGpu.Tests.Support;

namespace NativeDiffusion.VirtualGpu.Tests.Defects;

/// <summary>A capturing stream with memory allocated before the capture.</summary>
internal sealed class CaptureScene(DriverSession session)
{
    public VirtualCudaDriver Driver => session.Driver;

    public CUstream Captured { get; } = session.Stream();

    /// <summary>Thirty-two initialised words.</summary>
    public CUdeviceptr Spare { get; } = session.Upload(new int[32]);

    public CUdeviceptr Allocate(int bytes) => session.Allocate(bytes);

    public void Begin() => DriverSession.Ok(Driver.cuStreamBeginCapture(Captured, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_GLOBAL));

    public CUresult End() => Driver.cuStreamEndCapture(Captured, out _);
}
