using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Kernels;

namespace NativeDiffusion.Cuda.Tests.Compilation;

/// <summary>NVIDIA's own compilers, the oldest and the newest that are supported, behind <see cref="KernelCompiler"/>.</summary>
public sealed class KernelCompilerTests
{
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

    /// <summary>The assembler reports lines of the PTX; the message those of the source, here after two empty lines.</summary>
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
}
