using System.Runtime.InteropServices;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.Testing.Cuda;

/// <summary>An NVRTC from a folder: a process has one of the engine's own choice, the tests want two.</summary>
internal sealed unsafe class LoadedNvrtc : INvrtc
{
    private readonly nint _library;

    public LoadedNvrtc(string folder)
    {
        foreach (string builtins in Directory.EnumerateFiles(folder, "*nvrtc-builtins*"))
            NativeLibrary.Load(builtins);
        string file = Directory.EnumerateFiles(folder).First(
            path => Path.GetFileName(path) is var name
            && (name.StartsWith("libnvrtc.so.", StringComparison.Ordinal) || name.StartsWith("nvrtc64_", StringComparison.Ordinal)));
        _library = NativeLibrary.Load(file);
    }

    public nvrtcResult nvrtcVersion(out int major, out int minor)
    {
        fixed (int* first = &major, second = &minor)
            return ((delegate* unmanaged<int*, int*, nvrtcResult>)Entry())(first, second);
    }

    public nvrtcResult nvrtcGetNumSupportedArchs(out int numArchs)
    {
        fixed (int* number = &numArchs)
            return ((delegate* unmanaged<int*, nvrtcResult>)Entry())(number);
    }

    public nvrtcResult nvrtcGetSupportedArchs(int* supportedArchs) => ((delegate* unmanaged<int*, nvrtcResult>)Entry())(supportedArchs);

    public nvrtcResult nvrtcCreateProgram(out nvrtcProgram prog, byte* src, byte* name, int numHeaders, byte** headers, byte** includeNames)
    {
        fixed (nvrtcProgram* program = &prog)
            return ((delegate* unmanaged<nvrtcProgram*, byte*, byte*, int, byte**, byte**, nvrtcResult>)Entry())(program, src, name, numHeaders, headers,
                includeNames);
    }

    public nvrtcResult nvrtcDestroyProgram(ref nvrtcProgram prog)
    {
        fixed (nvrtcProgram* program = &prog)
            return ((delegate* unmanaged<nvrtcProgram*, nvrtcResult>)Entry())(program);
    }

    public nvrtcResult nvrtcCompileProgram(nvrtcProgram prog, int numOptions, byte** options) =>
        ((delegate* unmanaged<nvrtcProgram, int, byte**, nvrtcResult>)Entry())(prog, numOptions, options);

    public nvrtcResult nvrtcGetPTXSize(nvrtcProgram prog, out nuint ptxSizeRet) => Size(Entry(), prog, out ptxSizeRet);

    public nvrtcResult nvrtcGetPTX(nvrtcProgram prog, byte* ptx) => Text(Entry(), prog, ptx);

    public nvrtcResult nvrtcGetCUBINSize(nvrtcProgram prog, out nuint cubinSizeRet) => Size(Entry(), prog, out cubinSizeRet);

    public nvrtcResult nvrtcGetCUBIN(nvrtcProgram prog, byte* cubin) => Text(Entry(), prog, cubin);

    public nvrtcResult nvrtcGetProgramLogSize(nvrtcProgram prog, out nuint logSizeRet) => Size(Entry(), prog, out logSizeRet);

    public nvrtcResult nvrtcGetProgramLog(nvrtcProgram prog, byte* log) => Text(Entry(), prog, log);

    public byte* nvrtcGetErrorString(nvrtcResult result) => ((delegate* unmanaged<nvrtcResult, byte*>)Entry())(result);

    private static nvrtcResult Size(nint entry, nvrtcProgram program, out nuint size)
    {
        fixed (nuint* number = &size)
            return ((delegate* unmanaged<nvrtcProgram, nuint*, nvrtcResult>)entry)(program, number);
    }

    private static nvrtcResult Text(nint entry, nvrtcProgram program, byte* text) =>
        ((delegate* unmanaged<nvrtcProgram, byte*, nvrtcResult>)entry)(program, text);

    private nint Entry([System.Runtime.CompilerServices.CallerMemberName] string name = "") => NativeLibrary.GetExport(_library, name);
}
