using System.Runtime.InteropServices;
using System.Text;
using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.VirtualGpu.Tests.Support;

/// <summary>A driver with its first device's context current, and short names for what tests do all the time.</summary>
internal sealed unsafe class DriverSession : IDisposable
{
    public DriverSession(VirtualGpuOptions? options = null)
    {
        Driver = new VirtualCudaDriver(options ?? new VirtualGpuOptions { Workers = 1 });
        Ok(Driver.cuInit(0));
        Ok(Driver.cuDevicePrimaryCtxRetain(out CUcontext context, new CUdevice(0)));
        Ok(Driver.cuCtxPushCurrent(context));
        Context = context;
    }

    public VirtualCudaDriver Driver { get; }

    public CUcontext Context { get; }

    public static void Ok(CUresult result) => Assert.Equal(CUresult.CUDA_SUCCESS, result);

    public CUmodule Load(string ptx)
    {
        fixed (byte* text = Encoding.UTF8.GetBytes(ptx + "\0"))
        {
            Ok(Driver.cuModuleLoadDataEx(out CUmodule module, text, 0, null, null));
            return module;
        }
    }

    /// <summary>False where the driver refuses the text.</summary>
    public bool TryLoad(string ptx, out CUmodule module)
    {
        fixed (byte* text = Encoding.UTF8.GetBytes(ptx.Replace('\0', ' ') + "\0")) return Driver.cuModuleLoadDataEx(
            out module, text, 0, null, null) == CUresult.CUDA_SUCCESS;
    }

    public CUfunction Function(string ptx, string name)
    {
        Ok(Driver.cuModuleGetFunction(out CUfunction function, Load(ptx), name));
        return function;
    }

    public CUdeviceptr Allocate(int bytes)
    {
        Ok(Driver.cuMemAlloc(out CUdeviceptr pointer, (nuint)bytes));
        return pointer;
    }

    public CUdeviceptr Upload(params int[] values)
    {
        CUdeviceptr pointer = Allocate(values.Length * 4);
        fixed (int* from = values) Ok(Driver.cuMemcpyHtoD(pointer, from, (nuint)values.Length * 4));
        return pointer;
    }

    public int[] Download(CUdeviceptr pointer, int count)
    {
        var values = new int[count];
        fixed (int* to = values) Ok(Driver.cuMemcpyDtoH(to, pointer, (nuint)count * 4));
        return values;
    }

    public CUstream Stream(CUstream_flags flags = CUstream_flags.CU_STREAM_NON_BLOCKING)
    {
        Ok(Driver.cuStreamCreateWithPriority(out CUstream stream, flags, 0));
        return stream;
    }

    public CUevent Event()
    {
        Ok(Driver.cuEventCreate(out CUevent created, CUevent_flags.CU_EVENT_DEFAULT));
        return created;
    }

    /// <summary>Launches with arguments of 4 and 8 bytes.</summary>
    public CUresult Launch(CUfunction function, uint grid, uint block, CUstream stream, params object[] arguments) =>
        Launch(function, grid, block, 0, stream, arguments);

    public CUresult Launch(CUfunction function, uint grid, uint block, uint shared, CUstream stream, params object[] arguments)
    {
        ulong* values = stackalloc ulong[arguments.Length + 1];
        void** places = stackalloc void*[arguments.Length + 1];
        Pack(arguments, values, places);
        return Driver.cuLaunchKernel(function, grid, 1, 1, block, 1, 1, shared, stream, places, null);
    }

    public static void Pack(object[] arguments, ulong* values, void** places)
    {
        for (int i = 0; i < arguments.Length; i++)
        {
            values[i] = arguments[i] switch
            {
                CUdeviceptr pointer => pointer.Value,
                int number => (uint)number,
                uint number => number,
                float number => BitConverter.SingleToUInt32Bits(number),
                ulong number => number,
                _ => throw new ArgumentException($"{arguments[i].GetType()}"),
            };
            places[i] = values + i;
        }
    }

    public int* Pinned(params int[] values)
    {
        Ok(Driver.cuMemHostAlloc(out void* pointer, (nuint)(values.Length * 4), CUmemhostalloc_flags.CU_MEMHOSTALLOC_NONE));
        values.CopyTo(new Span<int>(pointer, values.Length));
        return (int*)pointer;
    }

    public void Dispose() => Driver.Dispose();
}
