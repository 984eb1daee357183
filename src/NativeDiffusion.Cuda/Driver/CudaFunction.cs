using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.Cuda.Driver;

/// <summary>A kernel of a loaded module, which it keeps from the garbage collector.</summary>
public sealed class CudaFunction
{
    // Shared memory per block without opt-in, static and dynamic together.
    private const int SharedWithoutAsking = 48 * 1024;

    private readonly CUfunction _handle;
    private bool _argumentsMatch;
    private int _sharedGranted;

    internal CudaFunction(CudaModule module, CUfunction handle, string name)
    {
        Module = module;
        Name = name;
        _handle = handle;
        _sharedGranted = SharedWithoutAsking - Attribute(CUfunction_attribute.CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES);
    }

    /// <summary>The module that contains it.</summary>
    public CudaModule Module { get; }

    /// <summary>The entry's name, as <c>softmax_f16</c>.</summary>
    public string Name { get; }

    /// <summary>The driver's handle.</summary>
    /// <exception cref="ObjectDisposedException">The module was disposed of.</exception>
    public CUfunction Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(Module.IsDisposed, Module);
            return _handle;
        }
    }

    private ICudaDriver Driver => Module.Context.Driver;

    /// <summary>The driver's attributes of the kernel: registers, local memory, maximum number of threads.</summary>
    public int Attribute(CUfunction_attribute attribute)
    {
        Module.Context.Check(Driver.cuFuncGetAttribute(out int value, attribute, Handle));
        return value;
    }

    /// <summary>Resident blocks of this kernel per multiprocessor.</summary>
    public int BlocksPerMultiprocessor(int threads, int sharedBytes)
    {
        Module.Context.Check(Driver.cuOccupancyMaxActiveBlocksPerMultiprocessor(out int blocks, Handle, threads, (nuint)sharedBytes));
        return blocks;
    }

    /// <summary>Dynamic shared memory available per block for a number of resident blocks per multiprocessor.</summary>
    public long SharedBytesFor(int blocks, int threads)
    {
        Module.Context.Check(Driver.cuOccupancyAvailableDynamicSMemPerBlock(out nuint bytes, Handle, blocks, threads));
        return (long)bytes;
    }

    /// <summary>Sets the shared memory of a launch, and at the first launch compares the arguments with the kernel's parameters.</summary>
    /// <exception cref="InvalidOperationException">The arguments differ from the parameters in number or size.</exception>
    internal void Prepare(int sharedBytes, ReadOnlySpan<KernelArgument> arguments)
    {
        if (sharedBytes > _sharedGranted)
        {
            Module.Context.Check(
                Driver.cuFuncSetAttribute(Handle, CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, sharedBytes),
                $"cuFuncSetAttribute of {Name} to {sharedBytes} bytes of shared memory");
            _sharedGranted = sharedBytes;
        }

        if (_argumentsMatch)
            return;
        Compare(arguments);
        _argumentsMatch = true;
    }

    // Drivers before 12.4 cannot report this; there the launcher is trusted, as tests compare it.
    private void Compare(ReadOnlySpan<KernelArgument> arguments)
    {
        for (int i = 0; i <= arguments.Length; i++)
        {
            CUresult status = Driver.cuFuncGetParamInfo(Handle, (nuint)i, out _, out nuint size);
            if (status is CUresult.CUDA_ERROR_CALL_REQUIRES_NEWER_DRIVER or CUresult.CUDA_ERROR_NOT_SUPPORTED)
                return;
            bool exists = status != CUresult.CUDA_ERROR_INVALID_VALUE;
            if (exists)
                Module.Context.Check(status, $"cuFuncGetParamInfo of {Name}");
            if (exists && i == arguments.Length)
                throw new InvalidOperationException($"The kernel {Name} has more parameters than the {arguments.Length} arguments that its launcher passes.");
            if (!exists && i < arguments.Length)
                throw new InvalidOperationException($"The kernel {Name} has {i} parameters, but its launcher passes {arguments.Length} arguments.");
            if (exists && (int)size != arguments[i].Size)
                throw new InvalidOperationException($"Parameter {i} of the kernel {Name} has {size} bytes, but its launcher passes {arguments[i].Size}.");
        }
    }
}
