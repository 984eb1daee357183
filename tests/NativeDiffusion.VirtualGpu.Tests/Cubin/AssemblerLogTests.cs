using System.Globalization;
using System.Text.RegularExpressions;
using NativeDiffusion.VirtualGpu.Cubin;
using NativeDiffusion.VirtualGpu.Tests.Support;

namespace NativeDiffusion.VirtualGpu.Tests.Cubin;

/// <summary>What is read from a cubin is what the assembler reported when it made it (-v): registers, barriers, shared memory, stack, spills.</summary>
public sealed partial class AssemblerLogTests
{
    [Theory]
    [InlineData("control", "sm_80")]
    [InlineData("control", "sm_90")]
    [InlineData("control", "sm_120")]
    [InlineData("scalar", "sm_89")]
    [InlineData("memory", "sm_100")]
    [InlineData("tile", "sm_90")]
    public void Numbers_OfEveryKernel_AreThoseOfTheLog(string source, string target)
    {
        Toolkit tools = Toolkit.Require();
        (byte[] image, string log) = tools.Assemble(Nvrtc.Require(12).ToPtx(CubinSources.Text(source), 80), target);
        CubinFile cubin = CubinFile.Read(image, source);

        MatchCollection entries = Entry().Matches(log);

        Assert.Equal(cubin.Kernels.Select(kernel => kernel.Name), entries.Select(entry => entry.Groups["name"].Value).Order(StringComparer.Ordinal));
        foreach (Match entry in entries)
        {
            CubinKernel kernel = cubin.Kernel(entry.Groups["name"].Value);
            Assert.Equal(Number(entry, "registers"), kernel.Registers);
            Assert.Equal(Number(entry, "barriers"), kernel.Barriers);
            Assert.Equal(Number(entry, "shared"), kernel.SharedBytes);
            Assert.Equal(Number(entry, "frame"), kernel.LocalBytes);
            Assert.Equal((Number(entry, "stores"), Number(entry, "loads")), (kernel.Spills!.StoreBytes, kernel.Spills.LoadBytes));
        }
    }

    [Fact]
    public void Spills_OfACrowdedKernel_AreSeen()
    {
        CubinKernel marked = CubinSources.Read(
            "control", 13, "sm_90").Kernel("spilling"), unmarked = CubinSources.Read("control", 12, "sm_90").Kernel("spilling");
        CubinKernel arrays = CubinSources.Read("control", 13, "sm_90").Kernel("arrays");

        Assert.Equal(64, marked.Registers);
        Assert.True(marked.Spills!.Stores > 20 && marked.Spills.Loads > 20, $"{marked.Spills}");
        Assert.Equal((marked.LocalStores, marked.LocalLoads), (marked.Spills.Stores, marked.Spills.Loads));
        // CUDA 12's assembler does not mark them: local memory is seen, what it is for is not.
        Assert.Null(unmarked.Spills);
        Assert.True(unmarked.LocalStores > 20 && unmarked.LocalLoads > 20);
        // An array that is indexed at run time is local memory and no spill.
        Assert.Equal((400, SpillCount.None), (arrays.LocalBytes, arrays.Spills));
        Assert.True(arrays.LocalStores > 0 && arrays.LocalLoads > 0);
    }

    [Fact]
    public void Stack_OfRecursion_IsOpen() => Assert.Null(CubinSources.Read("control", 13, "sm_80").Kernel("recursion").StackBytes);

    private static int Number(Match entry, string group) =>
        entry.Groups[group] is { Success: true, Value: var text } ? int.Parse(text, CultureInfo.InvariantCulture) : 0;

    // ptxas writes of each kernel: Compiling entry function 'NAME' ... stack frame, spill stores, spill loads ... Used N registers, used N barriers, N bytes
    // smem.
    [GeneratedRegex(@"Compiling entry function '(?<name>\w+)' for '\w+'\s+ptxas info\s+: Function properties for \k<name>\s+(ptxas\s+\.\s+)?(?<frame>\d+) bytes stack frame, (?<stores>\d+) bytes spill stores, (?<loads>\d+) bytes spill loads\s+ptxas info\s+: Used (?<registers>\d+) registers(, used (?<barriers>\d+) barriers)?(, \d+ bytes cumulative stack size)?(, (?<shared>\d+) bytes smem)?")]
    private static partial Regex Entry();
}
