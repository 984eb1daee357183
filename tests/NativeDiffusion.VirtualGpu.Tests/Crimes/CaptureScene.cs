using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.VirtualGpu.Tests.Support;

namespace NativeDiffusion.VirtualGpu.Tests.Crimes;

/// <summary>A stream that is captured, and memory that lies ready.</summary>
internal sealed class CaptureScene(DriverSession session)
{
    public VirtualCudaDriver Driver => session.Driver;

    public CUstream Captured { get; } = session.Stream();

    /// <summary>Thirty-two words that were written.</summary>
    public CUdeviceptr Spare { get; } = session.Upload(new int[32]);

    public CUdeviceptr Allocate(int bytes) => session.Allocate(bytes);

    public void Begin() => DriverSession.Ok(Driver.cuStreamBeginCapture(Captured, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_GLOBAL));

    public CUresult End() => Driver.cuStreamEndCapture(Captured, out _);
}
