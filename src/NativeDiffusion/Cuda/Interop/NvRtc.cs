using System.Runtime.InteropServices;

namespace NativeDiffusion.Cuda.Interop;

/// <summary>NVRTC: declarations only. Called by <see cref="Driver.NativeNvrtc"/> alone.</summary>
internal static unsafe partial class NvRtc
{
    public const string Library = "nvrtc";

    [LibraryImport(Library)]
    public static partial nvrtcResult nvrtcVersion(out int major, out int minor);
    [LibraryImport(Library)]
    public static partial nvrtcResult nvrtcGetNumSupportedArchs(out int numArchs);
    [LibraryImport(Library)]
    public static partial nvrtcResult nvrtcGetSupportedArchs(int* supportedArchs);
    [LibraryImport(Library)]
    public static partial nvrtcResult nvrtcCreateProgram(
        out nvrtcProgram prog, byte* src, byte* name, int numHeaders, byte** headers, byte** includeNames);
    [LibraryImport(Library)]
    public static partial nvrtcResult nvrtcDestroyProgram(ref nvrtcProgram prog);
    [LibraryImport(Library)]
    public static partial nvrtcResult nvrtcCompileProgram(nvrtcProgram prog, int numOptions, byte** options);
    [LibraryImport(Library)]
    public static partial nvrtcResult nvrtcGetPTXSize(nvrtcProgram prog, out nuint ptxSizeRet);
    [LibraryImport(Library)]
    public static partial nvrtcResult nvrtcGetPTX(nvrtcProgram prog, byte* ptx);
    [LibraryImport(Library)]
    public static partial nvrtcResult nvrtcGetCUBINSize(nvrtcProgram prog, out nuint cubinSizeRet);
    [LibraryImport(Library)]
    public static partial nvrtcResult nvrtcGetCUBIN(nvrtcProgram prog, byte* cubin);
    [LibraryImport(Library)]
    public static partial nvrtcResult nvrtcGetProgramLogSize(nvrtcProgram prog, out nuint logSizeRet);
    [LibraryImport(Library)]
    public static partial nvrtcResult nvrtcGetProgramLog(nvrtcProgram prog, byte* log);
    [LibraryImport(Library)]
    public static partial byte* nvrtcGetErrorString(nvrtcResult result);
}
