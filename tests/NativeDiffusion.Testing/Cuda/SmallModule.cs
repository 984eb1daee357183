using System.Text;
using NativeDiffusion.Cuda.Driver;

namespace NativeDiffusion.Testing.Cuda;

/// <summary>Hand-written kernels through the engine's own wrappers.</summary>
internal static class SmallModule
{
    /// <summary>The module of <see cref="SmallKernels.Add"/>, or of another text.</summary>
    public static CudaModule Load(CudaContext context, string ptx = SmallKernels.Add) =>
        CudaModule.Load(context, Encoding.UTF8.GetBytes(ptx), out string log, out var refused) ?? throw new InvalidOperationException($"{refused}: {log}");
}
