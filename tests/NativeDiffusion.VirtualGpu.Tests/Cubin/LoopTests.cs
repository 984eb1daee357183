using NativeDiffusion.VirtualGpu.Cubin;

namespace NativeDiffusion.VirtualGpu.Tests.Cubin;

/// <summary>Loops are found where the source has them, whatever the assembler made of their shape.</summary>
public sealed class LoopTests
{
    public static TheoryData<int, string> Targets() => new() { { 12, "sm_75" }, { 12, "sm_90" }, { 13, "sm_80" }, { 13, "sm_90a" }, { 13, "sm_120" } };

    [Theory]
    [MemberData(nameof(Targets))]
    public void Loops_OfNestedSource_AreOneInTheOther(int nvrtc, string target)
    {
        CubinKernel kernel = CubinSources.Read("control", nvrtc, target).Kernel("nested");

        SassLoop outer = Assert.Single(kernel.Loops, loop => loop.Depth == 0), inner = Assert.Single(kernel.Loops, loop => loop.Depth == 1);
        Assert.False(outer.IsInnermost);
        Assert.True(inner.IsInnermost);
        Assert.Same(inner, kernel.MainLoop);
        Assert.All(inner.Instructions, instruction => Assert.Contains(instruction, outer.Instructions));
        // Three loads: x[i] outside, x[j] and x[row + j] inside.
        Assert.Equal((3, 2), (outer.Count("LDG"), inner.Count("LDG")));
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Loops_OfEveryKernel_GoBackToTheirStart(int nvrtc, string target)
    {
        foreach (string source in new[] { "control", "scalar", "tile" })
            foreach (CubinKernel kernel in CubinSources.Read(source, nvrtc, target).Kernels)
                foreach (SassLoop loop in kernel.Loops)
                {
                    Assert.Contains(loop.Instructions, instruction => instruction.Offset == loop.Start);
                    Assert.Contains(
                        loop.Instructions, instruction =>
                        instruction.Target == loop.Start || instruction.Offset + SassInstruction.Bytes == loop.Start || instruction.Mnemonic == "BRX");
                }
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Loops_OfStraightCode_AreNone(int nvrtc, string target)
    {
        // Behind the end stands a branch to itself, as padding: it is no loop of the kernel.
        CubinKernel kernel = CubinSources.Read("memory", nvrtc, target).Kernel("by_value");

        Assert.Contains(kernel.Instructions, instruction => instruction.Target == instruction.Offset);
        Assert.Empty(kernel.Loops);
        Assert.Null(kernel.MainLoop);
    }

    [Fact]
    public void SlowPaths_ForLanesThatAreApart_AreNotCounted()
    {
        CubinKernel kernel = CubinSources.Read("control", 13, "sm_90").Kernel("lanes");

        Assert.Contains(kernel.Instructions, instruction => instruction.Mnemonic == "ENDCOLLECTIVE");
        Assert.DoesNotContain(kernel.Loops.SelectMany(loop => loop.Instructions), instruction => instruction.Mnemonic == "ENDCOLLECTIVE");
    }
}
