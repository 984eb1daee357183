using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.VirtualGpu.Driver;

/// <summary>What a cuBLAS handle remembers.</summary>
internal sealed class CublasState
{
    public CUstream Stream { get; set; }

    /// <summary>True while the workspace is the user's.</summary>
    public bool HasWorkspace { get; set; }

    public cublasPointerMode_t PointerMode { get; set; } = cublasPointerMode_t.CUBLAS_POINTER_MODE_HOST;

    /// <summary>Shapes that it has worked on.</summary>
    public HashSet<(int M, int N, int K, bool A, bool B, ProductTypes Types)> Seen { get; } = [];
}
