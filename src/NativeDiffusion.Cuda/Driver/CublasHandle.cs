using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.Cuda.Driver;

/// <summary>
/// A cuBLAS handle bound to one stream and one workspace: without a workspace, a product captured into a graph would allocate.
/// The workspace is set after the stream, because setting the stream resets it.
/// </summary>
public sealed class CublasHandle : CudaHandle
{
    private readonly ICublas _cublas;

    /// <param name="cublas">cuBLAS.</param>
    /// <param name="stream">The stream that products are added to; its context is entered.</param>
    /// <param name="workspace">Device memory for cuBLAS, for the lifetime of the handle.</param>
    /// <exception cref="CudaException">cuBLAS returned an error.</exception>
    public CublasHandle(ICublas cublas, CudaStream stream, DeviceBuffer workspace)
        : base(stream.Context)
    {
        _cublas = cublas;
        Check(cublas.cublasCreate(out cublasHandle_t value));
        Take(CUresult.CUDA_SUCCESS, value.Value);
        try
        {
            Keep(stream);
            Keep(workspace);
            Check(cublas.cublasSetStream(Handle, stream.Handle));
            Check(cublas.cublasSetWorkspace(Handle, workspace.Pointer, (nuint)workspace.Bytes));
            Check(cublas.cublasSetPointerMode(Handle, cublasPointerMode_t.CUBLAS_POINTER_MODE_HOST));
            Check(cublas.cublasSetMathMode(Handle, cublasMath_t.CUBLAS_MATH_DISALLOW_REDUCED_PRECISION_REDUCTION));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>cuBLAS's handle.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed of.</exception>
    public cublasHandle_t Handle => new(Value);

    /// <summary>The functions, to be called with <see cref="Handle"/>.</summary>
    public ICublas Functions => _cublas;

    /// <summary>Throws unless the call succeeded.</summary>
    public unsafe void Check(cublasStatus_t status, [CallerArgumentExpression(nameof(status))] string call = "")
    {
        if (status == cublasStatus_t.CUBLAS_STATUS_SUCCESS)
            return;
        byte* text = _cublas.cublasGetStatusName(status);
        string name = Enum.GetName(status) ?? (text == null ? $"cublasStatus_t {(int)status}" : Marshal.PtrToStringUTF8((nint)text)!);
        string function = CudaStatus.FunctionName(call);
        throw new CudaException((int)status, name, function, $"{function} failed with {name}. --no-cublas works without cuBLAS.");
    }

    private protected override CUresult Destroy(ICudaDriver driver, nint value) =>
        _cublas.cublasDestroy(new cublasHandle_t(value)) == cublasStatus_t.CUBLAS_STATUS_SUCCESS ? CUresult.CUDA_SUCCESS : CUresult.CUDA_ERROR_UNKNOWN;
}
