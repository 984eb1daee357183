namespace NativeDiffusion.Cuda.Kernels;

/// <summary>What a product's epilogue does to each sum with its bias. The values are those of kernels/gemm.cu.</summary>
internal enum GemmActivation
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>x · sigmoid(x).</summary>
    Silu = 1,
}
