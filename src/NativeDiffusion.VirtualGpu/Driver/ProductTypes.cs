using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.VirtualGpu.Numerics;

namespace NativeDiffusion.VirtualGpu.Driver;

/// <summary>The type combinations of a matrix product that cuBLAS supports.</summary>
internal sealed record ProductTypes(cudaDataType Factors, cudaDataType Result, bool IsHalfScalar)
{
    public int FactorBytes => Bytes(Factors);

    public int ResultBytes => Bytes(Result);

    public int ScalarBytes => IsHalfScalar ? 2 : 4;

    public unsafe (float Alpha, float Beta) Scalars(void* alpha, void* beta) =>
        IsHalfScalar ? ((float)*(Half*)alpha, (float)*(Half*)beta) : (*(float*)alpha, *(float*)beta);

    public unsafe float Read(byte* at) => Factors switch
    {
        cudaDataType.CUDA_R_16F => (float)*(Half*)at,
        cudaDataType.CUDA_R_16BF => BitConverter.UInt32BitsToSingle((uint)*(ushort*)at << 16),
        _ => *(float*)at,
    };

    public unsafe float ReadResult(byte* at) => Result switch
    {
        cudaDataType.CUDA_R_16F => (float)*(Half*)at,
        cudaDataType.CUDA_R_16BF => BitConverter.UInt32BitsToSingle((uint)*(ushort*)at << 16),
        _ => *(float*)at,
    };

    public unsafe void Write(byte* at, double value)
    {
        switch (Result)
        {
            case cudaDataType.CUDA_R_16F:
                *(ushort*)at = (ushort)FloatFormat.Half.Round(value, Rounding.Nearest);
                break;
            case cudaDataType.CUDA_R_16BF:
                *(ushort*)at = (ushort)FloatFormat.BFloat16.Round(value, Rounding.Nearest);
                break;
            default:
                *(float*)at = (float)value;
                break;
        }
    }

    private static int Bytes(cudaDataType type) => type == cudaDataType.CUDA_R_32F ? 4 : 2;
}
