using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.Testing.Cuda;

/// <summary>An NVRTC that makes the same text of everything, and fails when told to. Counts calls, and programs that were not given back.</summary>
/// <param name="ptx">What it makes.</param>
internal sealed unsafe class PlayedNvrtc(string ptx) : INvrtc
{
    private readonly byte[] _ptx = Encoding.UTF8.GetBytes(ptx + "\0");
    private readonly Lock _gate = new();
    private readonly HashSet<nint> _programs = [];
    private nint _next;

    /// <summary>Calls so far.</summary>
    public int Calls { get; private set; }

    /// <summary>How often it was asked to compile.</summary>
    public int Compilations { get; private set; }

    /// <summary>Programs that were made and not given back.</summary>
    public int Programs => _programs.Count;

    /// <summary>Asked before each call with the function's name and the call's number, from 1; null lets it through.</summary>
    public Func<string, int, nvrtcResult?>? Rule { get; set; }

    /// <summary>The call that failed last, or null.</summary>
    public string? Failed { get; private set; }

    /// <summary>What it says of a compilation.</summary>
    public string Log { get; set; } = "";

    public nvrtcResult nvrtcVersion(out int major, out int minor)
    {
        (major, minor) = (12, 1);
        return Answer();
    }

    public nvrtcResult nvrtcGetNumSupportedArchs(out int numArchs)
    {
        numArchs = 1;
        return Answer();
    }

    public nvrtcResult nvrtcGetSupportedArchs(int* supportedArchs)
    {
        *supportedArchs = 80;
        return Answer();
    }

    public nvrtcResult nvrtcCreateProgram(out nvrtcProgram prog, byte* src, byte* name, int numHeaders, byte** headers, byte** includeNames)
    {
        prog = default;
        nvrtcResult answer = Answer();
        if (answer != nvrtcResult.NVRTC_SUCCESS) return answer;
        lock (_gate) _programs.Add(++_next);
        prog = new nvrtcProgram(_next);
        return answer;
    }

    public nvrtcResult nvrtcDestroyProgram(ref nvrtcProgram prog)
    {
        nvrtcResult answer = Answer();
        lock (_gate)
        {
            if (answer == nvrtcResult.NVRTC_SUCCESS && !_programs.Remove(prog.Value)) return nvrtcResult.NVRTC_ERROR_INVALID_PROGRAM;
        }

        prog = default;
        return answer;
    }

    public nvrtcResult nvrtcCompileProgram(nvrtcProgram prog, int numOptions, byte** options)
    {
        lock (_gate) Compilations++;
        return Answer();
    }

    public nvrtcResult nvrtcGetPTXSize(nvrtcProgram prog, out nuint ptxSizeRet)
    {
        ptxSizeRet = (nuint)_ptx.Length;
        return Answer();
    }

    public nvrtcResult nvrtcGetPTX(nvrtcProgram prog, byte* ptx) => Give(_ptx, ptx);

    public nvrtcResult nvrtcGetCUBINSize(nvrtcProgram prog, out nuint cubinSizeRet)
    {
        cubinSizeRet = 4;
        return Answer();
    }

    // The head of a file of machine code, which the virtual card refuses.
    public nvrtcResult nvrtcGetCUBIN(nvrtcProgram prog, byte* cubin) => Give([0x7F, (byte)'E', (byte)'L', (byte)'F'], cubin);

    public nvrtcResult nvrtcGetProgramLogSize(nvrtcProgram prog, out nuint logSizeRet)
    {
        logSizeRet = (nuint)Encoding.UTF8.GetByteCount(Log) + 1;
        return Answer();
    }

    public nvrtcResult nvrtcGetProgramLog(nvrtcProgram prog, byte* log) => Give(Encoding.UTF8.GetBytes(Log + "\0"), log);

    public byte* nvrtcGetErrorString(nvrtcResult result) => null;

    private nvrtcResult Give(byte[] bytes, byte* to, [CallerMemberName] string name = "")
    {
        nvrtcResult answer = Answer(name);
        if (answer == nvrtcResult.NVRTC_SUCCESS) Marshal.Copy(bytes, 0, (nint)to, bytes.Length);
        return answer;
    }

    private nvrtcResult Answer([CallerMemberName] string name = "")
    {
        lock (_gate)
        {
            Calls++;
            nvrtcResult? answer = Rule?.Invoke(name, Calls);
            if (answer is not null) Failed = name;
            return answer ?? nvrtcResult.NVRTC_SUCCESS;
        }
    }
}
