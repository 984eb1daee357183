using System.Collections.Concurrent;
using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Kernels;

namespace NativeDiffusion.Testing.Cuda;

/// <summary>The compilers and tools that tests may use: folders named by the environment, absent on most machines.</summary>
internal static class NvrtcVersions
{
    /// <summary>Folder of the oldest NVRTC that is supported.</summary>
    public const string Oldest = "NDIFF_TEST_NVRTC12";

    /// <summary>Folder of the newest one.</summary>
    public const string Newest = "NDIFF_TEST_NVRTC13";

    /// <summary>Folder of ptxas and nvdisasm.</summary>
    public const string Tools = "NDIFF_TEST_PTXAS";

    private static readonly ConcurrentDictionary<string, KernelCompiler> s_compilers = new();

    /// <summary>True when long checks are wanted: everything, for every architecture.</summary>
    public static bool IsNightly => Environment.GetEnvironmentVariable("NDIFF_NIGHTLY") == "1";

    /// <summary>The folder that a variable names; skips the test when it is not set.</summary>
    public static string Folder(string variable)
    {
        string? folder = Environment.GetEnvironmentVariable(variable);
        Assert.SkipWhen(string.IsNullOrEmpty(folder), $"{variable} does not name a folder.");
        return folder!;
    }

    /// <summary>The compiler in the folder that a variable names; skips the test when it is not set.</summary>
    public static KernelCompiler Compiler(string variable)
    {
        string folder = Folder(variable);
        return s_compilers.GetOrAdd(variable, _ => new KernelCompiler(new LoadedNvrtc(folder), KernelList.Sources));
    }
}
