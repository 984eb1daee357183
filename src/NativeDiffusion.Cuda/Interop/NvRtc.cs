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

/// <summary>A compilation by NVRTC.</summary>
/// <param name="Value">The library's pointer.</param>
public readonly record struct nvrtcProgram(nint Value);

/// <summary>Status of an NVRTC call; the names are NVIDIA's own.</summary>
public enum nvrtcResult
{
    NVRTC_SUCCESS = 0,
    NVRTC_ERROR_OUT_OF_MEMORY = 1,
    NVRTC_ERROR_PROGRAM_CREATION_FAILURE = 2,
    NVRTC_ERROR_INVALID_INPUT = 3,
    NVRTC_ERROR_INVALID_PROGRAM = 4,
    NVRTC_ERROR_INVALID_OPTION = 5,
    NVRTC_ERROR_COMPILATION = 6,
    NVRTC_ERROR_BUILTIN_OPERATION_FAILURE = 7,
    NVRTC_ERROR_NO_NAME_EXPRESSIONS_AFTER_COMPILATION = 8,
    NVRTC_ERROR_NO_LOWERED_NAMES_BEFORE_COMPILATION = 9,
    NVRTC_ERROR_NAME_EXPRESSION_NOT_VALID = 10,
    NVRTC_ERROR_INTERNAL_ERROR = 11,
    NVRTC_ERROR_TIME_FILE_WRITE_FAILED = 12,
}
