using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.Cuda.Driver;

/// <summary>The implementation by NVIDIA's NVRTC, as found by the library search.</summary>
internal sealed unsafe class NativeNvrtc : INvrtc
{
    private NativeNvrtc()
    {
    }

    /// <summary>The machine's NVRTC, or null if it is not installed.</summary>
    public static NativeNvrtc? Load() => LibraryLoader.Process.Nvrtc.IsFound ? new NativeNvrtc() : null;

    public nvrtcResult nvrtcVersion(out int major, out int minor) => NvRtc.nvrtcVersion(out major, out minor);
    public nvrtcResult nvrtcGetNumSupportedArchs(out int numArchs) => NvRtc.nvrtcGetNumSupportedArchs(out numArchs);
    public nvrtcResult nvrtcGetSupportedArchs(int* supportedArchs) => NvRtc.nvrtcGetSupportedArchs(supportedArchs);
    public nvrtcResult nvrtcCreateProgram(out nvrtcProgram prog, byte* src, byte* name, int numHeaders, byte** headers, byte** includeNames) =>
        NvRtc.nvrtcCreateProgram(out prog, src, name, numHeaders, headers, includeNames);
    public nvrtcResult nvrtcDestroyProgram(ref nvrtcProgram prog) => NvRtc.nvrtcDestroyProgram(ref prog);
    public nvrtcResult nvrtcCompileProgram(nvrtcProgram prog, int numOptions, byte** options) =>
        NvRtc.nvrtcCompileProgram(prog, numOptions, options);
    public nvrtcResult nvrtcGetPTXSize(nvrtcProgram prog, out nuint ptxSizeRet) => NvRtc.nvrtcGetPTXSize(prog, out ptxSizeRet);
    public nvrtcResult nvrtcGetPTX(nvrtcProgram prog, byte* ptx) => NvRtc.nvrtcGetPTX(prog, ptx);
    public nvrtcResult nvrtcGetCUBINSize(nvrtcProgram prog, out nuint cubinSizeRet) => NvRtc.nvrtcGetCUBINSize(prog, out cubinSizeRet);
    public nvrtcResult nvrtcGetCUBIN(nvrtcProgram prog, byte* cubin) => NvRtc.nvrtcGetCUBIN(prog, cubin);
    public nvrtcResult nvrtcGetProgramLogSize(nvrtcProgram prog, out nuint logSizeRet) => NvRtc.nvrtcGetProgramLogSize(prog, out logSizeRet);
    public nvrtcResult nvrtcGetProgramLog(nvrtcProgram prog, byte* log) => NvRtc.nvrtcGetProgramLog(prog, log);
    public byte* nvrtcGetErrorString(nvrtcResult result) => NvRtc.nvrtcGetErrorString(result);
}
