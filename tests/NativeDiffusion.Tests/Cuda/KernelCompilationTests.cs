using System.Text;
using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Kernels;
using NativeDiffusion.Testing.Cuda;
using Xunit;

namespace NativeDiffusion.Tests.Cuda;

/// <summary>The engine's kernels through NVIDIA's own compilers, the oldest and the newest that are supported.</summary>
public sealed class KernelCompilationTests
{
    private static readonly int[] s_oldestCapabilities = [75, 80, 86, 89, 90];
    private static readonly int[] s_newestCapabilities = [75, 80, 86, 87, 88, 89, 90, 100, 103, 110, 120, 121];

    /// <summary>Compiler and architecture; in the daily run those that differ in what our sources do, in the nightly run all.</summary>
    public static TheoryData<string, string> Compilations()
    {
        var data = new TheoryData<string, string>();
        foreach (int capability in NvrtcVersions.IsNightly ? s_oldestCapabilities : [75, 90])
            data.Add(NvrtcVersions.Oldest, $"sm_{capability}");
        foreach (int capability in NvrtcVersions.IsNightly ? s_newestCapabilities : [80, 120])
            data.Add(NvrtcVersions.Newest, $"sm_{capability}");
        if (NvrtcVersions.IsNightly)
            data.Add(NvrtcVersions.Oldest, "sm_90a");
        return data;
    }

    [Theory]
    [MemberData(nameof(Compilations))]
    public void Compile_EveryVariant_HasNoWarningAndNoSpill(string compiler, string architecture)
    {
        KernelCompiler nvrtc = NvrtcVersions.Compiler(compiler);
        Assert.SkipUnless(nvrtc.ArchitectureFor(Capability(architecture)) == architecture.TrimEnd('a'), $"NVRTC {nvrtc.Version} does not know {architecture}.");

        List<string> wrong = [];
        Parallel.ForEach(KernelList.All.Where(variant => variant.Fits(Capability(architecture))), variant =>
        {
            CompilerOutput output = nvrtc.Compile(variant, architecture);
            string ptx = Encoding.UTF8.GetString(output.Image.Ptx.Span);
            lock (wrong)
            {
                if (output.Log.Contains("warning", StringComparison.OrdinalIgnoreCase))
                    wrong.Add($"{variant}: {output.Log}");
                if (output.Log.Split('\n').FirstOrDefault(
                    line => line.Contains("spill", StringComparison.Ordinal)
                    && !line.Contains("0 bytes spill stores, 0 bytes spill loads", StringComparison.Ordinal)) is string spill)
                    wrong.Add($"{variant}: {spill.Trim()}");
                if (PtxText.Unrounded(ptx).FirstOrDefault() is string unrounded)
                    wrong.Add($"{variant}: '{unrounded}' does not say how it rounds.");
                if (output.Image.Cubin.IsEmpty)
                    wrong.Add($"{variant}: there is no code.");
            }
        });

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Theory]
    [InlineData("add.f32 %f1, %f2, %f3;", true)]
    [InlineData("mul.ftz.f32 %f1, %f2, %f3;", true)]
    [InlineData("mad.f32 %f1, %f2, %f3, %f4;", true)]
    [InlineData("add.rn.f32 %f1, %f2, %f3;", false)]
    [InlineData("mul.rn.ftz.f32 %f1, %f2, %f3;", false)]
    [InlineData("fma.rn.f32 %f1, %f2, %f3, %f4;", false)]
    [InlineData("fma.f32 %f1, %f2, %f3, %f4;", true)]
    [InlineData("@%p1 sub.sat.f32 %f1, %f2, %f3;", true)]
    [InlineData("add.s32 %r1, %r2, %r3;", false)]
    [InlineData("sub.f16x2 %r1, %r2, %r3;", true)]
    public void Unrounded_SeesWhatAnAssemblerMayFuse(string instruction, bool expected) => Assert.Equal(expected, PtxText.Unrounded(instruction).Any());

    private static int Capability(string architecture) =>
        int.Parse(architecture.TrimEnd('a')["sm_".Length..], System.Globalization.CultureInfo.InvariantCulture);
}
