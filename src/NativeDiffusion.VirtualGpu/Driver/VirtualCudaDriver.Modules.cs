using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Devices;
using NativeDiffusion.VirtualGpu.Driver;
using NativeDiffusion.VirtualGpu.Execution;
using NativeDiffusion.VirtualGpu.Lowering;
using NativeDiffusion.VirtualGpu.Memory;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu;

/// <summary>Modules and functions. A cubin is rejected as by a device of another architecture; PTX is loaded.</summary>
public sealed unsafe partial class VirtualCudaDriver
{
    private const uint ElfMagic = 0x464C457F;
    private const uint FatbinMagic = 0xBA55ED50;

    /// <inheritdoc/>
    public CUresult cuModuleLoadDataEx(out CUmodule module, void* image, uint numOptions, CUjit_option* options, void** optionValues)
    {
        lock (_gate)
        {
            module = default;
            CUresult result = Enter(out VirtualDevice device, CaptureRule.Unsafe);
            if (result != CUresult.CUDA_SUCCESS) return result;
            if (image is null) return CUresult.CUDA_ERROR_INVALID_VALUE;
            uint magic = BinaryPrimitives.ReadUInt32LittleEndian(new ReadOnlySpan<byte>(image, 4));
            if (magic is ElfMagic or FatbinMagic)
            {
                if (magic == ElfMagic) _registers.Note((byte*)image, device.Model);
                return CUresult.CUDA_ERROR_NO_BINARY_FOR_GPU;
            }
            try
            {
                string text = Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated((byte*)image));
                PtxModule parsed = PtxModule.Parse(text);
                CheckTarget(parsed, device.Model);
                module = new CUmodule(
                    Keep(
                    new VirtualModule(new ModuleImage(new CodeLibrary(parsed), _space, device.Ordinal), device, _registers.Of(text, parsed, device.Model))));
                return CUresult.CUDA_SUCCESS;
            }
            catch (PtxException e)
            {
                WriteLog(e.Message, numOptions, options, optionValues);
                return e.Line == 0 && e.Message.Contains("newer", StringComparison.Ordinal) ? CUresult.CUDA_ERROR_UNSUPPORTED_PTX_VERSION : Refuse(e);
            }
        }
    }

    /// <inheritdoc/>
    public CUresult cuModuleUnload(CUmodule hmod)
    {
        lock (_gate)
        {
            CUresult result = EnterToRelease(out VirtualDevice device, CaptureRule.Unsafe);
            if (result != CUresult.CUDA_SUCCESS) return result;
            if (Find<VirtualModule>(hmod.Value) is not { } module) return CUresult.CUDA_ERROR_INVALID_HANDLE;
            module.Device.Drain();
            module.IsUnloaded = true;
            module.Image.Unload();
            foreach (nint function in module.Functions.Values)
            {
                if (Find<VirtualFunction>(function) is { } kernel) Marshal.FreeCoTaskMem(kernel.NativeName);
                _handles.Remove(function);
            }
            _handles.Remove(hmod.Value);
            return device.Broken;
        }
    }

    /// <inheritdoc/>
    public CUresult cuModuleGetFunction(out CUfunction hfunc, CUmodule hmod, string name)
    {
        lock (_gate)
        {
            hfunc = default;
            CUresult result = Enter(out _);
            if (result != CUresult.CUDA_SUCCESS) return result;
            if (Find<VirtualModule>(hmod.Value) is not { } module) return CUresult.CUDA_ERROR_INVALID_HANDLE;
            if (module.Functions.TryGetValue(name, out nint known))
            {
                hfunc = new CUfunction(known);
                return CUresult.CUDA_SUCCESS;
            }
            try
            {
                if (module.Image.Kernel(name) is not { } kernel) return CUresult.CUDA_ERROR_NOT_FOUND;
                nint handle = Keep(new VirtualFunction(module, kernel, name, Marshal.StringToCoTaskMemUTF8(name)));
                module.Functions.Add(name, handle);
                hfunc = new CUfunction(handle);
                return CUresult.CUDA_SUCCESS;
            }
            catch (PtxException e)
            {
                return Refuse(e);
            }
        }
    }

    /// <inheritdoc/>
    public CUresult cuModuleGetGlobal(out CUdeviceptr dptr, out nuint bytes, CUmodule hmod, string name)
    {
        lock (_gate)
        {
            (dptr, bytes) = (default, 0);
            CUresult result = Enter(out _);
            if (result != CUresult.CUDA_SUCCESS) return result;
            if (Find<VirtualModule>(hmod.Value) is not { } module) return CUresult.CUDA_ERROR_INVALID_HANDLE;
            if (module.Image.Variable(name) is not { } variable) return CUresult.CUDA_ERROR_NOT_FOUND;
            (dptr, bytes) = (new CUdeviceptr(variable.Address), (nuint)variable.Size);
            return CUresult.CUDA_SUCCESS;
        }
    }

    /// <inheritdoc/>
    public CUresult cuFuncGetAttribute(out int pi, CUfunction_attribute attrib, CUfunction hfunc)
    {
        lock (_gate)
        {
            pi = 0;
            CUresult result = Enter(out VirtualDevice device);
            if (result != CUresult.CUDA_SUCCESS) return result;
            if (Find<VirtualFunction>(hfunc.Value) is not { } function) return CUresult.CUDA_ERROR_INVALID_HANDLE;
            pi = attrib switch
            {
                CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK => LaunchLimits.MaxThreads(function, device.Model, Registers(function)),
                CUfunction_attribute.CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES => function.Image.StaticSharedBytes,
                CUfunction_attribute.CU_FUNC_ATTRIBUTE_LOCAL_SIZE_BYTES => function.Image.LocalBytes,
                CUfunction_attribute.CU_FUNC_ATTRIBUTE_NUM_REGS => Registers(function),
                CUfunction_attribute.CU_FUNC_ATTRIBUTE_PTX_VERSION or CUfunction_attribute.CU_FUNC_ATTRIBUTE_BINARY_VERSION => device.Model.Architecture,
                CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES => LaunchLimits.MaxDynamicShared(function, device.Model),
                _ => 0,
            };
            return CUresult.CUDA_SUCCESS;
        }
    }

    /// <inheritdoc/>
    public CUresult cuFuncSetAttribute(CUfunction hfunc, CUfunction_attribute attrib, int value)
    {
        lock (_gate)
        {
            CUresult result = Enter(out VirtualDevice device);
            if (result != CUresult.CUDA_SUCCESS) return result;
            if (Find<VirtualFunction>(hfunc.Value) is not { } function) return CUresult.CUDA_ERROR_INVALID_HANDLE;
            if (attrib == CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES)
            {
                if (value < 0 || value + function.Image.StaticSharedBytes > device.Model.SharedPerBlockOptIn) return CUresult.CUDA_ERROR_INVALID_VALUE;
                function.MaxDynamicShared = value;
            }
            return CUresult.CUDA_SUCCESS;
        }
    }

    /// <inheritdoc/>
    public CUresult cuFuncGetParamInfo(CUfunction func, nuint paramIndex, out nuint paramOffset, out nuint paramSize)
    {
        lock (_gate)
        {
            (paramOffset, paramSize) = (0, 0);
            CUresult result = Enter(out _);
            if (result != CUresult.CUDA_SUCCESS) return result;
            if (Find<VirtualFunction>(func.Value) is not { } function) return CUresult.CUDA_ERROR_INVALID_HANDLE;
            IReadOnlyList<PtxVariable> parameters = function.Image.Function.Parameters;
            if (paramIndex >= (nuint)parameters.Count) return CUresult.CUDA_ERROR_INVALID_VALUE;
            int offset = 0;
            for (int i = 0; ; i++)
            {
                offset = FunctionLowering.Align(offset, parameters[i].Alignment);
                if ((nuint)i == paramIndex)
                {
                    (paramOffset, paramSize) = ((nuint)offset, (nuint)parameters[i].Size);
                    return CUresult.CUDA_SUCCESS;
                }
                offset += (int)parameters[i].Size;
            }
        }
    }

    /// <inheritdoc/>
    public CUresult cuFuncLoad(CUfunction function)
    {
        lock (_gate) return Find<VirtualFunction>(function.Value) is null ? CUresult.CUDA_ERROR_INVALID_HANDLE : CUresult.CUDA_SUCCESS;
    }

    /// <inheritdoc/>
    public CUresult cuFuncGetName(out byte* name, CUfunction hfunc)
    {
        lock (_gate)
        {
            VirtualFunction? function = Find<VirtualFunction>(hfunc.Value);
            name = function is null ? null : (byte*)function.NativeName;
            return function is null ? CUresult.CUDA_ERROR_INVALID_HANDLE : CUresult.CUDA_SUCCESS;
        }
    }

    /// <inheritdoc/>
    public CUresult cuOccupancyMaxActiveBlocksPerMultiprocessor(out int numBlocks, CUfunction func, int blockSize, nuint dynamicSMemSize)
    {
        lock (_gate)
        {
            numBlocks = 0;
            CUresult result = Enter(out VirtualDevice device);
            if (result != CUresult.CUDA_SUCCESS) return result;
            if (Find<VirtualFunction>(func.Value) is not { } function) return CUresult.CUDA_ERROR_INVALID_HANDLE;
            if (blockSize <= 0) return CUresult.CUDA_ERROR_INVALID_VALUE;
            numBlocks = Occupancy.Blocks(device.Model, blockSize, function.Image.StaticSharedBytes + (int)dynamicSMemSize, Registers(function));
            return CUresult.CUDA_SUCCESS;
        }
    }

    /// <inheritdoc/>
    public CUresult cuOccupancyAvailableDynamicSMemPerBlock(out nuint dynamicSmemSize, CUfunction func, int numBlocks, int blockSize)
    {
        lock (_gate)
        {
            dynamicSmemSize = 0;
            CUresult result = Enter(out VirtualDevice device);
            if (result != CUresult.CUDA_SUCCESS) return result;
            if (Find<VirtualFunction>(func.Value) is not { } function) return CUresult.CUDA_ERROR_INVALID_HANDLE;
            if (numBlocks <= 0 || blockSize <= 0) return CUresult.CUDA_ERROR_INVALID_VALUE;
            int share = (device.Model.SharedPerMultiprocessor / numBlocks / device.Model.SharedUnit * device.Model.SharedUnit) - device.Model.ReservedShared;
            share = Math.Min(share, device.Model.SharedPerBlockOptIn) - function.Image.StaticSharedBytes;
            dynamicSmemSize = (nuint)Math.Max(0, share);
            return CUresult.CUDA_SUCCESS;
        }
    }

    private int Registers(VirtualFunction function) =>
        _options.Registers.TryGetValue(function.Name, out int registers) ? registers : function.Module.Registers.GetValueOrDefault(function.Name);

    private CUresult Refuse(PtxException e)
    {
        _findings.Add(Finding.Of(FindingKind.UnsupportedPtx, e.Message) with { PtxLine = e.Line });
        return CUresult.CUDA_ERROR_INVALID_PTX;
    }

    private void CheckTarget(PtxModule module, DeviceModel model)
    {
        Version newest = PtxVersions.Of(_options.DriverVersion);
        if (module.Version > newest) throw new PtxException(
            $"the PTX has version {module.Version}, newer than {newest}, the newest of a driver for CUDA "
                + $"{_options.DriverVersion / 1000}.{_options.DriverVersion % 1000 / 10}.", 0);
        bool isExact = char.IsAsciiLetter(module.Target[^1]);
        if (module.Architecture > model.Architecture || (isExact && module.Architecture != model.Architecture))
            throw new PtxException($"the PTX is for {module.Target}, the device is sm_{model.Architecture}.", 1);
    }

    private static void WriteLog(string message, uint count, CUjit_option* options, void** values)
    {
        byte* buffer = null;
        nuint size = 0;
        for (uint i = 0; i < count; i++)
        {
            if (options[i] == CUjit_option.CU_JIT_ERROR_LOG_BUFFER) buffer = (byte*)values[i];
            if (options[i] == CUjit_option.CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES) size = (nuint)values[i];
        }
        if (buffer is not null && size > 0) Copy(message, buffer, (int)Math.Min(size, int.MaxValue));
    }
}
