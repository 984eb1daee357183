using System.Text;
using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Kernels;
using Xunit;

namespace NativeDiffusion.Tests.Cuda;

/// <summary>Kernels through NVIDIA's own compilers, the oldest and the newest that are supported.</summary>
public sealed class KernelCompilerTests
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
    [InlineData(NvrtcVersions.Oldest)]
    [InlineData(NvrtcVersions.Newest)]
    public void Compile_SourceWithAnError_NamesItsLine(string compiler)
    {
        KernelCompiler nvrtc = NvrtcVersions.Compiler(compiler);
        var variant = new KernelVariant("softmax.cu");

        KernelCompilationException exception = Assert.Throws<KernelCompilationException>(
            () => nvrtc.Compile("\n\nextern \"C\" __global__ void f() { nonsense; }\n", variant, "sm_80"));

        Assert.Contains("softmax.cu(3)", exception.Message, StringComparison.Ordinal);
        Assert.Contains("nonsense", exception.Message, StringComparison.Ordinal);
        Assert.Equal("softmax.cu", exception.Kernel);
        Assert.Contains("--fmad=false", exception.Options);
        Assert.Contains("1 error detected", exception.Log, StringComparison.Ordinal);
    }

    /// <summary>The assembler names lines of the PTX; the message those of the source, here behind two lines of nothing.</summary>
    [Theory]
    [InlineData(NvrtcVersions.Oldest)]
    [InlineData(NvrtcVersions.Newest)]
    public void Compile_InstructionThatTheArchitectureLacks_NamesTheSourcesLine(string compiler)
    {
        KernelCompiler nvrtc = NvrtcVersions.Compiler(compiler);
        var variant = new KernelVariant("softmax.cu");

        KernelCompilationException exception = Assert.Throws<KernelCompilationException>(() => nvrtc.Compile(
            "\n\nextern \"C\" __global__ void f(int *p)\n{\n    asm volatile(\"cp.async.wait_all;\");\n    *p = 1;\n}\n", variant, "sm_75"));

        Assert.Contains("softmax.cu(5)", exception.Message, StringComparison.Ordinal);
        Assert.Contains("cp.async", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ArchitectureFor_CardNewerThanTheCompiler_IsItsNewestPtx()
    {
        KernelCompiler nvrtc = NvrtcVersions.Compiler(NvrtcVersions.Oldest);

        Assert.Equal("sm_89", nvrtc.ArchitectureFor(89));
        Assert.Equal("compute_90", nvrtc.ArchitectureFor(120));
        Assert.Null(nvrtc.ArchitectureFor(35));
        Assert.True(nvrtc.Compile(GroupNormKernel.Variant, "compute_90").Image.Cubin.IsEmpty);
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
