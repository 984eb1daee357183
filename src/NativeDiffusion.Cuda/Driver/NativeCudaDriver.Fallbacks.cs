using System.Runtime.InteropServices;
using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.Cuda.Driver;

// Functions younger than CUDA 12.0. Each queries once whether the driver exports the newer symbol.
internal sealed unsafe partial class NativeCudaDriver
{
    private const CUresult Missing = CUresult.CUDA_ERROR_CALL_REQUIRES_NEWER_DRIVER;

    private readonly bool _eventElapsedTime2;
    private readonly bool _edgeData;
    private readonly bool _functionParameters;
    private readonly bool _functionLoad;
    private readonly bool _functionName;

    /// <summary>Takes a lookup of the loaded library's exports, so that tests can simulate an old driver.</summary>
    internal NativeCudaDriver(Func<string, bool> exports)
    {
        _eventElapsedTime2 = exports("cuEventElapsedTime_v2");
        _edgeData = exports("cuGraphAddDependencies_v2");
        _functionParameters = exports("cuFuncGetParamInfo");
        _functionLoad = exports("cuFuncLoad");
        _functionName = exports("cuFuncGetName");
    }

    /// <summary>The machine's driver.</summary>
    /// <exception cref="DeviceException">There is none.</exception>
    public static NativeCudaDriver Load()
    {
        LoadedLibrary library = LibraryLoader.Process.Driver;
        return library.IsFound
            ? new NativeCudaDriver(symbol => NativeLibrary.TryGetExport(library.Handle, symbol, out _))
            : throw new DeviceException(
                $"No NVIDIA driver was found; `ndiff doctor` says what is missing, and `--device cpu` draws without it. Tried: "
                    + $"{string.Join(", ", library.Tried)}.");
    }

    /// <summary>The CUDA version of the driver, 12040 for CUDA 12.4; 0 if there is none or it fails. Needs no GPU.</summary>
    public static int Version(LoadedLibrary library)
    {
        if (!library.IsFound || !NativeLibrary.TryGetExport(library.Handle, nameof(NvCuda.cuDriverGetVersion), out nint entry))
            return 0;
        int version = 0;
        return ((delegate* unmanaged<int*, CUresult>)entry)(&version) == CUresult.CUDA_SUCCESS ? version : 0;
    }

    public CUresult cuEventElapsedTime(out float pMilliseconds, CUevent hStart, CUevent hEnd) => _eventElapsedTime2
        ? NvCuda.cuEventElapsedTime_v2(out pMilliseconds, hStart, hEnd)
        : NvCuda.cuEventElapsedTime(out pMilliseconds, hStart, hEnd);

    public CUresult cuGraphAddDependencies(CUgraph hGraph, CUgraphNode* from, CUgraphNode* to, CUgraphEdgeData* edgeData, nuint numDependencies)
    {
        if (_edgeData)
            return NvCuda.cuGraphAddDependencies_v2(hGraph, from, to, edgeData, numDependencies);
        return edgeData == null ? NvCuda.cuGraphAddDependencies(hGraph, from, to, numDependencies) : Missing;
    }

    public CUresult cuGraphGetEdges(CUgraph hGraph, CUgraphNode* from, CUgraphNode* to, CUgraphEdgeData* edgeData, ref nuint numEdges)
    {
        if (_edgeData)
            return NvCuda.cuGraphGetEdges_v2(hGraph, from, to, edgeData, ref numEdges);
        return edgeData == null ? NvCuda.cuGraphGetEdges(hGraph, from, to, ref numEdges) : Missing;
    }

    public CUresult cuGraphNodeGetDependencies(CUgraphNode hNode, CUgraphNode* dependencies, CUgraphEdgeData* edgeData, ref nuint numDependencies)
    {
        if (_edgeData)
            return NvCuda.cuGraphNodeGetDependencies_v2(hNode, dependencies, edgeData, ref numDependencies);
        return edgeData == null ? NvCuda.cuGraphNodeGetDependencies(hNode, dependencies, ref numDependencies) : Missing;
    }

    public CUresult cuFuncGetParamInfo(CUfunction func, nuint paramIndex, out nuint paramOffset, out nuint paramSize)
    {
        if (_functionParameters)
            return NvCuda.cuFuncGetParamInfo(func, paramIndex, out paramOffset, out paramSize);
        paramOffset = paramSize = 0;
        return Missing;
    }

    public CUresult cuFuncLoad(CUfunction function) => _functionLoad ? NvCuda.cuFuncLoad(function) : Missing;

    public CUresult cuFuncGetName(out byte* name, CUfunction hfunc)
    {
        if (_functionName)
            return NvCuda.cuFuncGetName(out name, hfunc);
        name = null;
        return Missing;
    }
}
