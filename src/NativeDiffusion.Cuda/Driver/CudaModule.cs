using System.Text;
using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.Cuda.Driver;

/// <summary>Loaded code: a cubin, or PTX assembled by the driver.</summary>
public sealed unsafe class CudaModule : CudaHandle
{
    private const int LogRoom = 16 * 1024;

    private CudaModule(CudaContext context, CUresult made, CUmodule module)
        : base(context) => Take(made, module.Value, call: nameof(ICudaDriver.cuModuleLoadDataEx));

    /// <summary>The driver's handle.</summary>
    public CUmodule Handle => new(Value);

    /// <summary>Loads code.</summary>
    /// <param name="context">The context, entered.</param>
    /// <param name="image">A cubin, or PTX text.</param>
    /// <param name="log">The log of the driver's assembler.</param>
    /// <param name="refused">Why the driver rejected this code, for reasons for which other code may load.</param>
    /// <returns>The module, or null if the code was rejected.</returns>
    /// <exception cref="CudaException">The call failed for another reason.</exception>
    public static CudaModule? Load(CudaContext context, ReadOnlySpan<byte> image, out string log, out CUresult refused)
    {
        // PTX is a C string.
        byte[] ended = new byte[image.Length + 1];
        image.CopyTo(ended);
        byte[] errors = new byte[LogRoom];
        CUresult made;
        CUmodule module;
        fixed (byte* code = ended, text = errors)
        {
            CUjit_option* options = stackalloc CUjit_option[] { CUjit_option.CU_JIT_ERROR_LOG_BUFFER, CUjit_option.CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES };
            void** values = stackalloc void*[2];
            values[0] = text;
            values[1] = (void*)(nuint)LogRoom;
            made = context.Driver.cuModuleLoadDataEx(out module, code, 2, options, values);
        }

        int end = errors.AsSpan().IndexOf((byte)0);
        log = Encoding.UTF8.GetString(errors, 0, end < 0 ? errors.Length : end).Trim();
        refused = CudaStatus.IsRefusedImage(made) ? made : CUresult.CUDA_SUCCESS;
        return refused == CUresult.CUDA_SUCCESS ? new CudaModule(context, made, module) : null;
    }

    /// <summary>A kernel of the module.</summary>
    /// <exception cref="CudaException">There is none with this name.</exception>
    public CudaFunction Function(string name)
    {
        Context.Check(Context.Driver.cuModuleGetFunction(out CUfunction function, Handle, name), $"cuModuleGetFunction of {name}");
        return new CudaFunction(this, function, name);
    }

    private protected override CUresult Destroy(ICudaDriver driver, nint value) => driver.cuModuleUnload(new CUmodule(value));
}
