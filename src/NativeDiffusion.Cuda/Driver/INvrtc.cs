using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.Cuda.Driver;

/// <summary>The functions of NVIDIA's run-time compiler that we use, one to one. Needs no GPU; thread-safe per program.</summary>
public unsafe interface INvrtc
{
    nvrtcResult nvrtcVersion(out int major, out int minor);
    nvrtcResult nvrtcGetNumSupportedArchs(out int numArchs);
    nvrtcResult nvrtcGetSupportedArchs(int* supportedArchs);
    nvrtcResult nvrtcCreateProgram(out nvrtcProgram prog, byte* src, byte* name, int numHeaders, byte** headers, byte** includeNames);
    nvrtcResult nvrtcDestroyProgram(ref nvrtcProgram prog);
    nvrtcResult nvrtcCompileProgram(nvrtcProgram prog, int numOptions, byte** options);
    nvrtcResult nvrtcGetPTXSize(nvrtcProgram prog, out nuint ptxSizeRet);
    nvrtcResult nvrtcGetPTX(nvrtcProgram prog, byte* ptx);
    nvrtcResult nvrtcGetCUBINSize(nvrtcProgram prog, out nuint cubinSizeRet);
    nvrtcResult nvrtcGetCUBIN(nvrtcProgram prog, byte* cubin);
    nvrtcResult nvrtcGetProgramLogSize(nvrtcProgram prog, out nuint logSizeRet);
    nvrtcResult nvrtcGetProgramLog(nvrtcProgram prog, byte* log);
    byte* nvrtcGetErrorString(nvrtcResult result);
}
