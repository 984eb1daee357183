using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.VirtualGpu.Driver;

/// <summary>The state of a cuBLAS handle.</summary>
internal sealed class CublasState
{
    public CUstream Stream { get; set; }

    /// <summary>True while the workspace is set by the user.</summary>
    public bool HasWorkspace { get; set; }

    public cublasPointerMode_t PointerMode { get; set; } = cublasPointerMode_t.CUBLAS_POINTER_MODE_HOST;

    /// <summary>Shapes that it has computed.</summary>
    public HashSet<(int M, int N, int K, bool A, bool B, ProductTypes Types)> Seen { get; } = [];
}
