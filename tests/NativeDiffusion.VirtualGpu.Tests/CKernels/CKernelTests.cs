using System.Diagnostics;
using NativeDiffusion.Testing;
using NativeDiffusion.VirtualGpu.Execution;
using NativeDiffusion.VirtualGpu.Ptx;
using NativeDiffusion.VirtualGpu.Tests.Cubin;
using NativeDiffusion.VirtualGpu.Tests.Support;

namespace NativeDiffusion.VirtualGpu.Tests.CKernels;

/// <summary>Small kernels in C through both real compilers, for several architectures and options: the same results, and no findings.</summary>
public sealed class CKernelTests
{
    private static readonly (string Source, CKernel[] Kernels)[] s_sources =
    [
        ("integers", IntegerKernels.All), ("control", ControlKernels.All), ("floats", FloatKernels.All), ("functions", FunctionKernels.All),
            ("memory", MemoryKernels.All),
        ("blocks", [.. BlockKernels.All, .. WarpKernels.All]),
    ];

    private static readonly CVariant[] s_daily =
    [
        new(12, 75, "--fmad=false"), new(12, 80, "-G"), new(12, 90, "--fmad=true", "-lineinfo"),
        new(13, 75, "--use_fast_math"), new(13, 80, "--fmad=false", "-lineinfo"), new(13, 90, "-G"), new(13, 120, "--fmad=true"),
    ];

    private static readonly CVariant[] s_nightly =
    [
        .. s_daily, new(12, 80, "--fmad=false"), new(
            12, 86, "--use_fast_math"), new(12, 89, "--fmad=true", "-G", "--dopt=on"), new(12, 90, "--maxrregcount=32", "--fmad=false"),
        new(13, 86, "--fmad=false"), new(
            13, 89, "--fmad=true"), new(13, 100, "--fmad=false"), new(13, 121, "-G"), new(13, 90, "--restrict", "--extra-device-vectorization", "--fmad=false"),
    ];

    public static TheoryData<string, CVariant> Compilations()
    {
        var data = new TheoryData<string, CVariant>();
        foreach ((string source, _) in s_sources)
            foreach (CVariant variant in CubinSources.IsNightly ? s_nightly : s_daily) data.Add(source, variant);
        return data;
    }

    [Theory]
    [MemberData(nameof(Compilations))]
    public void Kernels_GiveWhatTheCodeSays(string source, CVariant variant)
    {
        string text = File.ReadAllText(Repository.PathOf("tests", "NativeDiffusion.VirtualGpu.Tests", "CKernels", "Sources", source + ".cu"));
        string ptx = Nvrtc.Require(variant.Nvrtc).ToPlainPtx(text, variant.Architecture, [.. variant.Options, "--device-int128"]);
        var wrong = new List<string>();
        foreach (CKernel kernel in s_sources.Single(entry => entry.Source == source).Kernels.Where(
            kernel => kernel.Since <= variant.Architecture && (kernel.IsForDebuggers || !variant.Options.Contains("-G"))))
        {
            // Both JIT and cooperative order, or neither: random programs cover the other combinations.
            bool isPlain = (variant.Nvrtc + kernel.Name.Length) % 2 == 0;
            var options = new ExecutionOptions { Workers = 1 + (kernel.Name.Length % 2), IsCompiled = !isPlain, IsAdversarial = isPlain, Patience = 1_000_000 };
            try
            {
                Run(kernel, variant, new TestDevice(ptx, options), wrong);
            }
            catch (PtxException e)
            {
                wrong.Add($"{kernel.Name}: {e.Message}");
            }
        }
        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    /// <summary>At least sixty: the tables and the sources contain the same kernels.</summary>
    [Fact]
    public void Tables_NameEveryKernelOfTheSources()
    {
        foreach ((string source, CKernel[] kernels) in s_sources)
        {
            string text = File.ReadAllText(Repository.PathOf("tests", "NativeDiffusion.VirtualGpu.Tests", "CKernels", "Sources", source + ".cu"));
            string[] names =
                [.. text.Split('\n').Where(line => line.StartsWith("KERNEL(", StringComparison.Ordinal)).Select(
                line => line["KERNEL(".Length..line.IndexOf(')', StringComparison.Ordinal)])];
            Assert.Empty(names.Except(kernels.Select(kernel => kernel.Name)));
        }
        Assert.True(s_sources.Sum(entry => entry.Kernels.Length) >= 60);
    }

    private static void Run(CKernel kernel, CVariant variant, TestDevice device, List<string> wrong)
    {
        uint[] input = CInputs.Make(kernel.Input), expected = new uint[kernel.Words], start = new uint[kernel.Words];
        kernel.Start.CopyTo(start, 0);
        start.CopyTo(expected, 0);
        kernel.Reference(variant, input, expected);
        DeviceArray<uint> from = device.Upload(input), to = device.Upload(start);
        object[] arguments = kernel.Extra is null ? [from, to, CKernel.Threads] : [from, to, CKernel.Threads, kernel.Extra];
        device.Launch(kernel.Name, kernel.Grid, kernel.Block, kernel.DynamicShared, arguments);
        if (device.Findings.Count > 0) wrong.Add($"{kernel.Name}: {device.Findings.Count} findings, {device.Findings[0]}");
        uint[] actual = to.ToArray();
        int[] differing =
            [.. Enumerable.Range(0, expected.Length).Where(i => !(kernel.IsClose?.Invoke(variant, i, expected, actual) ?? expected[i] == actual[i]))];
        if (differing.Length > 0)
            wrong.Add(
                $"{kernel.Name}: {differing.Length} of {expected.Length} words differ, word {differing[0]}: expected 0x{expected[differing[0]]:X}, got "
                    + $"0x{actual[differing[0]]:X}");
    }
}
