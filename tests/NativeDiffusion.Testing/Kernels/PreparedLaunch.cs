using NativeDiffusion.Cuda.Driver;

namespace NativeDiffusion.Testing.Kernels;

/// <summary>A loaded kernel and a launch of it that can be repeated.</summary>
internal sealed class PreparedLaunch(IDisposable kernel, Action<CudaStream> launch) : IDisposable
{
    public void Launch(CudaStream stream) => launch(stream);

    public void Dispose() => kernel.Dispose();
}
