using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.Cuda.Driver;

/// <summary>Name, message and exception of a status of the driver.</summary>
internal static unsafe class CudaStatus
{
    /// <summary>Throws unless the call succeeded. For calls without a context; see <see cref="CudaContext.Check"/>.</summary>
    /// <param name="driver">The driver.</param>
    /// <param name="status">Its status.</param>
    /// <param name="call">The call's text, filled in by the compiler.</param>
    public static void Check(ICudaDriver driver, CUresult status, [CallerArgumentExpression(nameof(status))] string call = "")
    {
        if (status != CUresult.CUDA_SUCCESS)
            throw Exception(driver, status, call);
    }

    /// <summary>The exception for a failed call.</summary>
    /// <param name="driver">The driver.</param>
    /// <param name="status">Its status.</param>
    /// <param name="call">The call's text, or the function's name and its purpose.</param>
    /// <param name="before">Earlier events, as a sentence.</param>
    public static CudaException Exception(ICudaDriver driver, CUresult status, string call, string? before = null)
    {
        string function = FunctionName(call);
        string subject = call.StartsWith(function, StringComparison.Ordinal) && !call.StartsWith(function + "(", StringComparison.Ordinal) ? call : function;
        string name = Name(driver, status);
        string meaning = Meaning(driver, status);
        return new CudaException(
            (int)status, name, function, $"{before}{subject} failed with {name}{(meaning.Length == 0 ? "" : $": {meaning}")}.{Advice(status, function)}");
    }

    /// <summary>NVIDIA's name: ours if it is in the list, else the driver's, which may be newer.</summary>
    public static string Name(ICudaDriver driver, CUresult status)
    {
        if (Enum.GetName(status) is string known)
            return known;
        return driver.cuGetErrorName(status, out byte* name) == CUresult.CUDA_SUCCESS && name != null
            ? Marshal.PtrToStringUTF8((nint)name)!
            : $"CUresult {((int)status).ToString(CultureInfo.InvariantCulture)}";
    }

    /// <summary>Sticky errors: the context returns nothing else afterwards, its memory is lost and a new process (or context) is needed.</summary>
    public static bool IsSticky(CUresult status) => status is
        CUresult.CUDA_ERROR_ILLEGAL_ADDRESS or CUresult.CUDA_ERROR_LAUNCH_FAILED or CUresult.CUDA_ERROR_LAUNCH_TIMEOUT
        or CUresult.CUDA_ERROR_MISALIGNED_ADDRESS or CUresult.CUDA_ERROR_ILLEGAL_INSTRUCTION or CUresult.CUDA_ERROR_INVALID_ADDRESS_SPACE
        or CUresult.CUDA_ERROR_INVALID_PC or CUresult.CUDA_ERROR_HARDWARE_STACK_ERROR or CUresult.CUDA_ERROR_ASSERT
        or CUresult.CUDA_ERROR_ECC_UNCORRECTABLE or CUresult.CUDA_ERROR_NVLINK_UNCORRECTABLE or CUresult.CUDA_ERROR_CONTEXT_IS_DESTROYED
        or CUresult.CUDA_ERROR_CONTAINED or CUresult.CUDA_ERROR_EXTERNAL_DEVICE or CUresult.CUDA_ERROR_TENSOR_MEMORY_LEAK;

    /// <summary>The driver rejects this code; another compilation of the same kernel may load.</summary>
    public static bool IsRefusedImage(CUresult status) => status is
        CUresult.CUDA_ERROR_INVALID_IMAGE or CUresult.CUDA_ERROR_NO_BINARY_FOR_GPU or CUresult.CUDA_ERROR_INVALID_PTX
        or CUresult.CUDA_ERROR_UNSUPPORTED_PTX_VERSION or CUresult.CUDA_ERROR_JIT_COMPILER_NOT_FOUND
        or CUresult.CUDA_ERROR_JIT_COMPILATION_DISABLED or CUresult.CUDA_ERROR_INVALID_SOURCE or CUresult.CUDA_ERROR_NOT_SUPPORTED;

    /// <summary><c>context.Driver.cuMemAlloc(out p, bytes)</c> as <c>cuMemAlloc</c>; a name with words after it as the name.</summary>
    public static string FunctionName(string call)
    {
        int end = call.AsSpan().IndexOfAny('(', ' ');
        string text = end < 0 ? call : call[..end];
        return text[(text.LastIndexOf('.') + 1)..];
    }

    private static string Meaning(ICudaDriver driver, CUresult status) =>
        driver.cuGetErrorString(status, out byte* text) == CUresult.CUDA_SUCCESS && text != null ? Marshal.PtrToStringUTF8((nint)text)!.TrimEnd('.') : "";

    private static string Advice(CUresult status, string function) => status switch
    {
        CUresult.CUDA_ERROR_CALL_REQUIRES_NEWER_DRIVER when DriverRequirements.Since(function) is string since =>
            $" {function} came with the driver of CUDA {since}: update NVIDIA's driver.",
        CUresult.CUDA_ERROR_NO_DEVICE => " No GPU is visible to this process: check `nvidia-smi` and CUDA_VISIBLE_DEVICES.",
        CUresult.CUDA_ERROR_SYSTEM_DRIVER_MISMATCH or CUresult.CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE =>
            " The driver's library and its kernel module are of different versions: restart the machine after the driver's update.",
        CUresult.CUDA_ERROR_STUB_LIBRARY => " The toolkit's stub library was loaded in the driver's place: take its folder out of the library path.",
        CUresult.CUDA_ERROR_UNSUPPORTED_PTX_VERSION => " The PTX is newer than the driver: update NVIDIA's driver, or use an older CUDA toolkit.",
        CUresult.CUDA_ERROR_INVALID_CONTEXT => " The calling thread has not entered the context.",
        CUresult.CUDA_ERROR_DEVICE_UNAVAILABLE => " Another process has exclusive use of the GPU (compute mode exclusive or prohibited).",
        _ when IsSticky(status) =>
            " The context is lost with all that it held; dispose of everything on this device. NDIFF_SYNC=1 in the environment names the failed launch.",
        _ => "",
    };
}
