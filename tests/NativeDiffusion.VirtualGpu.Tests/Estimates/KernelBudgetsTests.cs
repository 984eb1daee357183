using NativeDiffusion.Testing.Kernels;
using NativeDiffusion.VirtualGpu.Estimates;

namespace NativeDiffusion.VirtualGpu.Tests.Estimates;

/// <summary>The file of budgets: what is written is what is read, a record a line; and limits that are passed are said.</summary>
public sealed class KernelBudgetsTests
{
    private static readonly KernelBudgets s_budgets = new()
    {
        Kernels =
        [
            new KernelBudget
            {
                Variant = "gemm-128", Source = "gemm.cu", Hash = "0123",
                Limits = [new KernelLimit("stallCyclesPerTensor", 8.5, "gemm_f16", "sm_90"), new KernelLimit("spills", 0), new KernelLimit("bankConflicts", 0)],
                Cubins =
                [
                    new CubinBudget { Entry = "gemm_f16", Target = "sm_80", Compiler = "12.1", Registers = 128, SharedBytes = 0, LocalBytes = 0, Spills = 0,
                        CodeBytes = 4096, Loop = new LoopBudget(174, 80, 18, 0, 800) },
                    new CubinBudget { Entry = "gemm_f16", Target = "sm_90", Compiler = "12.1", Registers = 130, SharedBytes = 0, LocalBytes = 0, Spills = 0,
                        CodeBytes = 4224, Loop = new LoopBudget(174, 80, 18, 0, 658) },
                    new CubinBudget { Entry = "scale", Target = "sm_90", Compiler = "12.1", Registers = 12, SharedBytes = 16, LocalBytes = 0, Spills = 0,
                        CodeBytes = 512 },
                ],
                Launches =
                    [new LaunchBudget { Entry = "gemm_f16", Shape = "1024x1024x1024", Card = "H100", Blocks = 64, Threads = 128, SharedBytes = 49152,
                    Counters = Counters(0) }],
            },
        ],
    };

    [Fact]
    public void Write_ThenParse_IsTheSame()
    {
        string text = s_budgets.Write();
        KernelBudgets read = KernelBudgets.Parse(text, "test");

        Assert.Equal(text, read.Write());
        KernelBudget kernel = Assert.Single(read.Kernels);
        Assert.Equal(s_budgets.Kernels[0].Cubins, kernel.Cubins);
        Assert.Equal(s_budgets.Kernels[0].Limits, kernel.Limits);
        Assert.Equal(77, kernel.Launches[0].Counters.Classes["Matrix"]);
        Assert.Equal(5, text.Split('\n').Count(line => line.Contains("\"entry\":", StringComparison.Ordinal)));
        Assert.Equal("gemm_f16", kernel.CubinFor("gemm_f16", 120)!.Entry);
        Assert.Equal("sm_80", kernel.CubinFor("gemm_f16", 89)!.Target);
        Assert.Null(kernel.CubinFor("gemm_f16", 75));
        Assert.Null(kernel.Cubin("scale", "sm_80"));
    }

    [Fact]
    public void Limits_ThatAreKept_SayNothing() => Assert.Empty(s_budgets.Kernels[0].Passed());

    [Fact]
    public void Limits_ThatArePassed_AreSaid()
    {
        KernelBudget kernel = s_budgets.Kernels[0];
        KernelBudget worse = kernel with
        {
            Cubins =
                [.. kernel.Cubins.Select(
                cubin => cubin.Target == "sm_90" && cubin.Loop is not null ? cubin with { Spills = 3, Loop = cubin.Loop with { StallCycles = 700 } } : cubin)],
            Launches = [kernel.Launches[0] with { Counters = Counters(5) }],
        };

        string[] said = [.. worse.Passed()];

        Assert.Equal(3, said.Length);
        Assert.Contains("gemm-128, gemm_f16 for sm_90 by NVRTC 12.1: stallCyclesPerTensor is 8.75, limit 8.5", said);
        Assert.Contains("gemm-128, gemm_f16 for sm_90 by NVRTC 12.1: spills is 3, limit 0", said);
        Assert.Contains("gemm-128, gemm_f16 on 1024x1024x1024: bankConflicts is 5, limit 0", said);
    }

    /// <summary>Numbers of a launch, each for one entry or shape: 1000 warp instructions, 100 bytes, 64 blocks of 4 warps.</summary>
    [Theory]
    [InlineData("instructionsPerByte", 320)]
    [InlineData("divergentBranchesPerWarp", 0.5)]
    [InlineData("globalBytes", 100)]
    [InlineData("bytesPerUniqueByte", 2)]
    [InlineData("sectorsPerSectorNeeded", 1)]
    public void Limit_OfALaunch_IsForItsEntryAndShape(string name, double expected)
    {
        LaunchBudget launch = s_budgets.Kernels[0].Launches[0];
        launch = launch with { Counters = launch.Counters with { DivergentBranches = 128 } };

        Assert.Equal(expected, new KernelLimit(name, 0).Of(launch));
        Assert.Equal(expected, new KernelLimit(name, 0, "gemm_f16", Shape: "1024x1024x1024").Of(launch));
        Assert.Null(new KernelLimit(name, 0, Shape: "8x8x8").Of(launch));
        Assert.Null(new KernelLimit(name, 0, "other").Of(launch));
        Assert.All(s_budgets.Kernels[0].Cubins, cubin => Assert.Null(new KernelLimit(name, 0).Of(cubin)));
        Assert.All(s_budgets.Kernels[0].Cubins, cubin => Assert.Null(new KernelLimit("spills", 0, Shape: "8x8x8").Of(cubin)));
    }

    [Fact]
    public void Limits_OfAnUnknownName_AreRefused() => Assert.Throws<FormatException>(() => new KernelLimit("beauty", 1).Of(s_budgets.Kernels[0].Cubins[0]));

    [Theory]
    [InlineData("", "not a kernel budget file")]
    [InlineData("[1]", "not a kernel budget file")]
    [InlineData("null", "layout 0")]
    [InlineData("""{"format":2,"kernels":[]}""", "layout 2")]
    [InlineData("""{"format":1,"kernels":[{"variant":"x"}]}""", "not a kernel budget file")]
    public void Parse_OfAnythingElse_SaysWhatIsWrong(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<FormatException>(() => KernelBudgets.Parse(text, "budgets.json")).Message, StringComparison.Ordinal);

    [Fact]
    public void Shipped_IsRead() => Assert.Equal(1, ShippedBudgets.All.Format);

    private static KernelCounters Counters(long conflicts) => new()
    {
        WarpInstructions = 1000,
        Classes = new SortedDictionary<string, long> { ["Integer"] = 923, ["Matrix"] = 77 },
        TensorFlops = 77 * 4096,
        GlobalBytes = 100,
        UniqueBytes = 50,
        Sectors = 4,
        SectorsNeeded = 4,
        SharedWavefronts = 10,
        BankConflicts = conflicts,
        LocalBytes = 0,
        GlobalAtomics = 0,
        SharedAtomics = 0,
        Barriers = 3,
        DivergentBranches = 0,
    };
}
