using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.VirtualGpu.Driver;

/// <summary>C = alpha op(A) op(B) + beta C, column-major, batched. Sums are accumulated in double and rounded once.</summary>
internal sealed record MatrixProduct(ProductTypes Types, bool IsTransposedA, bool IsTransposedB, int M, int N, int K)
{
    public float Alpha { get; init; }

    public float Beta { get; init; }

    /// <summary>Addresses of alpha and beta where they are read only when the product executes.</summary>
    public (ulong Alpha, ulong Beta)? ScalarsOnDevice { get; init; }

    public required (ulong Address, int Leading, long Stride) A { get; init; }

    public required (ulong Address, int Leading, long Stride) B { get; init; }

    public required (ulong Address, int Leading, long Stride) C { get; init; }

    public required int Count { get; init; }

    public (int, int, int, bool, bool, ProductTypes) Shape => (M, N, K, IsTransposedA, IsTransposedB, Types);

    /// <summary>The memory layout of each matrix: columns of a number of bytes at a stride.</summary>
    public ColumnLayout LayoutA => Layout(IsTransposedA ? K : M, IsTransposedA ? M : K, A.Leading, Types.FactorBytes);

    public ColumnLayout LayoutB => Layout(IsTransposedB ? N : K, IsTransposedB ? K : N, B.Leading, Types.FactorBytes);

    public ColumnLayout LayoutC => Layout(M, N, C.Leading, Types.ResultBytes);

    /// <summary>The types, if cuBLAS supports their product.</summary>
    public static ProductTypes? Find(cudaDataType a, cudaDataType b, cudaDataType c, cublasComputeType_t compute)
    {
        if (a != b || (c != a && c != cudaDataType.CUDA_R_32F)) return null;
        bool isHalf = compute == cublasComputeType_t.CUBLAS_COMPUTE_16F;
        if (isHalf && (a != cudaDataType.CUDA_R_16F || c != a)) return null;
        return a is cudaDataType.CUDA_R_16F or cudaDataType.CUDA_R_16BF or cudaDataType.CUDA_R_32F ? new ProductTypes(a, c, isHalf) : null;
    }

    /// <summary>Computes one product of the batch.</summary>
    public unsafe void Multiply(byte* a, byte* b, byte* c)
    {
        int factor = Types.FactorBytes, result = Types.ResultBytes;
        var row = new double[K];
        for (int i = 0; i < M; i++)
        {
            for (int k = 0; k < K; k++) row[k] = Types.Read(a + ((IsTransposedA ? ((long)i * A.Leading) + k : ((long)k * A.Leading) + i) * factor));
            for (int j = 0; j < N; j++)
            {
                double sum = 0;
                for (int k = 0; k < K; k++) sum += row[k] * Types.Read(b + ((IsTransposedB ? ((long)k * B.Leading) + j : ((long)j * B.Leading) + k) * factor));
                byte* place = c + ((((long)j * C.Leading) + i) * result);
                double value = Alpha == 0 ? 0 : Alpha * sum;
                if (Beta != 0) value += Beta * Types.ReadResult(place);
                Types.Write(place, value);
            }
        }
    }

    private static ColumnLayout Layout(int rows, int columns, int leading, int width) =>
        new(rows == 0 ? 0 : columns, (long)rows * width, (long)leading * width);
}
