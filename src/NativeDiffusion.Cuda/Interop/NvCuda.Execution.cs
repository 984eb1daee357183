using System.Runtime.InteropServices;

namespace NativeDiffusion.Cuda.Interop;

// Streams, events, modules and launches.
internal static unsafe partial class NvCuda
{
    // Streams.
    [LibraryImport(Library)]
    public static partial CUresult cuStreamCreateWithPriority(out CUstream phStream, CUstream_flags flags, int priority);
    [LibraryImport(Library)]
    public static partial CUresult cuStreamDestroy_v2(CUstream hStream);
    [LibraryImport(Library)]
    public static partial CUresult cuStreamSynchronize(CUstream hStream);
    [LibraryImport(Library)]
    public static partial CUresult cuStreamQuery(CUstream hStream);
    [LibraryImport(Library)]
    public static partial CUresult cuStreamWaitEvent(CUstream hStream, CUevent hEvent, uint Flags);
    [LibraryImport(Library)]
    public static partial CUresult cuStreamBeginCapture_v2(CUstream hStream, CUstreamCaptureMode mode);
    [LibraryImport(Library)]
    public static partial CUresult cuStreamEndCapture(CUstream hStream, out CUgraph phGraph);
    [LibraryImport(Library)]
    public static partial CUresult cuStreamIsCapturing(CUstream hStream, out CUstreamCaptureStatus captureStatus);
    [LibraryImport(Library)]
    public static partial CUresult cuThreadExchangeStreamCaptureMode(ref CUstreamCaptureMode mode);

    // Events.
    [LibraryImport(Library)]
    public static partial CUresult cuEventCreate(out CUevent phEvent, CUevent_flags Flags);
    [LibraryImport(Library)]
    public static partial CUresult cuEventRecord(CUevent hEvent, CUstream hStream);
    [LibraryImport(Library)]
    public static partial CUresult cuEventSynchronize(CUevent hEvent);
    [LibraryImport(Library)]
    public static partial CUresult cuEventQuery(CUevent hEvent);
    [LibraryImport(Library)]
    public static partial CUresult cuEventElapsedTime_v2(out float pMilliseconds, CUevent hStart, CUevent hEnd);
    [LibraryImport(Library)]
    public static partial CUresult cuEventElapsedTime(out float pMilliseconds, CUevent hStart, CUevent hEnd);
    [LibraryImport(Library)]
    public static partial CUresult cuEventDestroy_v2(CUevent hEvent);

    // Modules and functions.
    [LibraryImport(Library)]
    public static partial CUresult cuModuleLoadDataEx(out CUmodule module, void* image, uint numOptions, CUjit_option* options, void** optionValues);
    [LibraryImport(Library)]
    public static partial CUresult cuModuleUnload(CUmodule hmod);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial CUresult cuModuleGetFunction(out CUfunction hfunc, CUmodule hmod, string name);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial CUresult cuModuleGetGlobal_v2(out CUdeviceptr dptr, out nuint bytes, CUmodule hmod, string name);
    [LibraryImport(Library)]
    public static partial CUresult cuFuncGetAttribute(out int pi, CUfunction_attribute attrib, CUfunction hfunc);
    [LibraryImport(Library)]
    public static partial CUresult cuFuncSetAttribute(CUfunction hfunc, CUfunction_attribute attrib, int value);
    [LibraryImport(Library)]
    public static partial CUresult cuFuncGetParamInfo(CUfunction func, nuint paramIndex, out nuint paramOffset, out nuint paramSize);
    [LibraryImport(Library)]
    public static partial CUresult cuFuncLoad(CUfunction function);
    [LibraryImport(Library)]
    public static partial CUresult cuFuncGetName(out byte* name, CUfunction hfunc);
    [LibraryImport(Library)]
    public static partial CUresult cuOccupancyMaxActiveBlocksPerMultiprocessor(
        out int numBlocks, CUfunction func, int blockSize, nuint dynamicSMemSize);
    [LibraryImport(Library)]
    public static partial CUresult cuOccupancyAvailableDynamicSMemPerBlock(out nuint dynamicSmemSize, CUfunction func, int numBlocks, int blockSize);

    // Launches.
    [LibraryImport(Library)]
    public static partial CUresult cuLaunchKernel(
        CUfunction f, uint gridDimX, uint gridDimY, uint gridDimZ, uint blockDimX, uint blockDimY, uint blockDimZ, uint sharedMemBytes,
        CUstream hStream, void** kernelParams, void** extra);
    [LibraryImport(Library)]
    public static partial CUresult cuLaunchKernelEx(in CUlaunchConfig config, CUfunction f, void** kernelParams, void** extra);
}
