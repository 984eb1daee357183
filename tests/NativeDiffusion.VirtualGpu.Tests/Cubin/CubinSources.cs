using NativeDiffusion.Testing;
using NativeDiffusion.VirtualGpu.Cubin;
using NativeDiffusion.VirtualGpu.Tests.Support;

namespace NativeDiffusion.VirtualGpu.Tests.Cubin;

/// <summary>The CUDA sources that cubins are made of here, and the compilers and targets that make them.</summary>
internal static class CubinSources
{
    public static string[] Names { get; } = ["control", "memory", "scalar", "tensor", "tile"];

    /// <summary>True when long checks are wanted.</summary>
    public static bool IsNightly => Environment.GetEnvironmentVariable("NDIFF_NIGHTLY") == "1";

    /// <summary>Compiler and target: those whose code differs most in the daily run, all that there are with NDIFF_NIGHTLY=1.</summary>
    public static (int Nvrtc, string Target)[] Targets { get; } = IsNightly
        ?
        [
            (12, "sm_75"), (12, "sm_80"), (12, "sm_86"), (12, "sm_89"), (12, "sm_90"), (12, "sm_90a"),
            (13, "sm_75"), (13, "sm_80"), (13, "sm_86"), (13, "sm_89"), (13, "sm_90"), (13, "sm_90a"), (13, "sm_100"), (13, "sm_103"), (13, "sm_120"),
                (13, "sm_121"),
        ]
        : [(12, "sm_75"), (12, "sm_80"), (12, "sm_90a"), (13, "sm_80"), (13, "sm_90a"), (13, "sm_100"), (13, "sm_120")];

    public static string Text(string name) =>
        File.ReadAllText(Repository.PathOf("tests", "NativeDiffusion.VirtualGpu.Tests", "Cubin", "Sources", name + ".cu"));

    public static byte[] Compile(string name, int nvrtc, string target) => Nvrtc.Require(nvrtc).ToCubin(Text(name), target).Cubin;

    public static byte[] Golden(string name) => File.ReadAllBytes(Repository.PathOf("tests", "NativeDiffusion.VirtualGpu.Tests", "Cubin", "Goldens", name));

    public static CubinFile Read(string name, int nvrtc, string target) => CubinFile.Read(Compile(name, nvrtc, target), $"{name}.{target}.cubin");
}
