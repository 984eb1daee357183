using System.Runtime.InteropServices;
using System.Text;

namespace NativeDiffusion.VirtualGpu.Tests.Support;

/// <summary>
/// A compiler found by an environment variable: NDIFF_TEST_NVRTC12 and NDIFF_TEST_NVRTC13 name folders that hold libnvrtc. Without them the tests
/// that need real PTX are skipped and say so.
/// </summary>
internal sealed unsafe class Nvrtc
{
    private readonly nint _library;

    private Nvrtc(nint library) => _library = library;

    /// <summary>The compiler of the major version, 12 or 13; skips the test where it is not there.</summary>
    public static Nvrtc Require(int version)
    {
        string variable = $"NDIFF_TEST_NVRTC{version}";
        string? folder = Environment.GetEnvironmentVariable(variable);
        Assert.SkipUnless(!string.IsNullOrEmpty(folder), $"{variable} does not name a folder with libnvrtc: kernels are not compiled here.");
        string[] names = OperatingSystem.IsWindows() ? [$"nvrtc64_{version}0_0.dll"] : [$"libnvrtc.so.{version}"];
        // Its builtins lie beside it and are found only once they are loaded.
        foreach (string builtins in Directory.GetFiles(folder!, "*nvrtc-builtins*")) NativeLibrary.TryLoad(builtins, out _);
        foreach (string name in names)
            if (NativeLibrary.TryLoad(Path.Combine(folder!, name), out nint library)) return new Nvrtc(library);
        Assert.Fail($"{folder} holds no NVRTC that can be loaded.");
        return null!;
    }

    /// <summary>Compiles to PTX for an architecture.</summary>
    public string ToPtx(string source, int architecture, params string[] options) => Compile(source, $"compute_{architecture}", false, options).Ptx;

    /// <summary>Compiles to PTX with these options alone.</summary>
    public string ToPlainPtx(string source, int architecture, params string[] options) => Compile(source, $"compute_{architecture}", false, options, true).Ptx;

    /// <summary>Compiles to a cubin for an architecture, and gives the PTX of the same compilation.</summary>
    public (string Ptx, byte[] Cubin) ToCubin(string source, int architecture, params string[] options) => ToCubin(source, $"sm_{architecture}", options);

    /// <summary>Compiles to a cubin for a target as the compiler names it (sm_90a), and gives the PTX of the same compilation.</summary>
    public (string Ptx, byte[] Cubin) ToCubin(string source, string target, params string[] options) => Compile(source, target, true, options);

    private (string Ptx, byte[] Cubin) Compile(string source, string target, bool hasCubin, string[] options, bool isPlain = false)
    {
        nint program = 0;
        byte[] text = Encoding.UTF8.GetBytes(source + "\0"), name = "kernel.cu\0"u8.ToArray();
        fixed (byte* sourcePointer = text, namePointer = name)
        {
            var create = (delegate* unmanaged<nint*, byte*, byte*, int, byte**, byte**, int>)NativeLibrary.GetExport(_library, "nvrtcCreateProgram");
            Check(create(&program, sourcePointer, namePointer, 0, null, null), "nvrtcCreateProgram", "");
        }
        try
        {
            string[] all = [$"--gpu-architecture={target}", .. isPlain ? (string[])[] : ["--fmad=false", "-lineinfo"], .. options];
            nint[] pointers = [.. all.Select(Marshal.StringToCoTaskMemUTF8)];
            int status;
            fixed (nint* list = pointers)
            {
                var compile = (delegate* unmanaged<nint, int, nint*, int>)NativeLibrary.GetExport(_library, "nvrtcCompileProgram");
                status = compile(program, pointers.Length, list);
            }
            foreach (nint pointer in pointers) Marshal.FreeCoTaskMem(pointer);
            Check(status, "nvrtcCompileProgram", Encoding.UTF8.GetString(Read(program, "nvrtcGetProgramLogSize", "nvrtcGetProgramLog")));
            string ptx = Encoding.UTF8.GetString(Read(program, "nvrtcGetPTXSize", "nvrtcGetPTX")).TrimEnd('\0');
            return (ptx, hasCubin ? Read(program, "nvrtcGetCUBINSize", "nvrtcGetCUBIN") : []);
        }
        finally
        {
            var destroy = (delegate* unmanaged<nint*, int>)NativeLibrary.GetExport(_library, "nvrtcDestroyProgram");
            _ = destroy(&program);
        }
    }

    private byte[] Read(nint program, string sizeName, string name)
    {
        nuint size;
        var getSize = (delegate* unmanaged<nint, nuint*, int>)NativeLibrary.GetExport(_library, sizeName);
        Check(getSize(program, &size), sizeName, "");
        var bytes = new byte[size];
        fixed (byte* pointer = bytes)
        {
            var get = (delegate* unmanaged<nint, byte*, int>)NativeLibrary.GetExport(_library, name);
            Check(get(program, pointer), name, "");
        }
        return bytes;
    }

    private static void Check(int status, string call, string log) => Assert.True(status == 0, $"{call} gave {status}. {log}");
}
