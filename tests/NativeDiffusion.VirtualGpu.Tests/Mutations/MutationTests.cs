using System.Collections.Concurrent;
using System.Text;
using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Kernels;
using NativeDiffusion.VirtualGpu.Tests.Support;

namespace NativeDiffusion.VirtualGpu.Tests.Mutations;

/// <summary>
/// Kernels with one fault are detected: a sample in the daily run, all hundred in the nightly one. benchmarks/results/mutants.md lists them
/// with what detects them, docs/mutations.md proves survivors equivalent. NDIFF_UPDATE_MUTATIONS=1 rewrites the list.
/// </summary>
public sealed class MutationTests
{
    private const string WhatToDo = "Extend the kernel's cases, or prove in docs/mutations.md that the mutant is equivalent.";

    [Fact]
    public void List_HasTenOfEachClass_AllDifferent()
    {
        Assert.All(Enum.GetValues<MutationClass>(), kind => Assert.Equal(10, MutantList.Chosen.Count(mutant => mutant.Mutation.Class == kind)));
        Assert.Equal(MutantList.Chosen.Count, MutantList.Chosen.Distinct().Count());
        Assert.All(MutantList.All, mutant => Assert.NotEqual(mutant.Mutation.Before, mutant.Mutation.After));
    }

    /// <summary>Indices in the hundred: one of each class, each at another of its ten, and two more.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(13)]
    [InlineData(26)]
    [InlineData(39)]
    [InlineData(42)]
    [InlineData(55)]
    [InlineData(68)]
    [InlineData(71)]
    [InlineData(84)]
    [InlineData(97)]
    [InlineData(46)]
    [InlineData(91)]
    public void Mutant_IsDetected(int place)
    {
        Mutant mutant = MutantList.Chosen[place];

        (MutantOutcome outcome, _) = mutant.Run();

        Assert.True(outcome != MutantOutcome.Survived || MutationReport.IsProved(mutant), $"Nothing tells {mutant.Name} from the kernel. {WhatToDo}");
    }

    /// <summary>Cases that reject the kernel itself would reject every mutant.</summary>
    [Fact]
    public void Kernels_WithoutFault_PassTheirCases()
    {
        Assert.SkipUnless(NvrtcVersions.IsNightly, "NDIFF_NIGHTLY is not 1: the kernels' own tests run the same cases.");
        foreach (KernelVariant variant in (KernelVariant[])[.. GemmVariant.All.Select(variant => variant.Compilation), GroupNormKernel.Variant])
        {
            foreach (int capability in KernelList.ShippedPtx.Capabilities.Where(variant.Fits))
            {
                string ptx = Mutant.Read(variant, capability);
                foreach (PtxEntry entry in PtxEntry.All(ptx))
                {
                    (MutantOutcome outcome, string report) = Mutant.Check(variant, capability, entry.Function.Name, Encoding.UTF8.GetBytes(ptx));
                    Assert.True(outcome == MutantOutcome.Survived, $"{variant.Name}, {capability}, {entry.Function.Name}: {report}");
                }
            }
        }
    }

    /// <summary>A mutant that the assembler rejects proves nothing.</summary>
    [Fact]
    public void Mutants_AreAcceptedByTheAssembler()
    {
        var tools = Toolkit.Require();
        Assert.SkipUnless(NvrtcVersions.IsNightly, "NDIFF_NIGHTLY is not 1: the mutants are not assembled.");
        Parallel.ForEach(MutantList.Chosen, mutant => tools.Assemble(mutant.Ptx, $"sm_{mutant.Capability}"));
    }

    [Fact]
    public void Report_IsOfThePresentKernels()
    {
        bool isUpdate = Environment.GetEnvironmentVariable("NDIFF_UPDATE_MUTATIONS") == "1";
        Assert.SkipUnless(isUpdate || NvrtcVersions.IsNightly, "NDIFF_NIGHTLY is not 1: a sample of the mutants is run, not the whole list.");
        (Mutant Mutant, (MutantOutcome Outcome, string Report) Result)[] runs = [.. MutantList.Chosen.Select(mutant => (mutant, mutant.Run()))];
        string report = MutationReport.Write(runs);
        if (isUpdate) MutationReport.Update(report);

        Assert.True(
            MutationReport.Read().Contains(report, StringComparison.Ordinal),
            "benchmarks/results/mutants.md is out of date: run this test with NDIFF_UPDATE_MUTATIONS=1.");
        Assert.All(
            runs.Where(run => run.Result.Outcome == MutantOutcome.Survived), run =>
            Assert.True(MutationReport.IsProved(run.Mutant), $"{run.Mutant.Name} survives. {WhatToDo}"));
    }

    /// <summary>
    /// NDIFF_SWEEP_MUTATIONS="n" or "n Class" runs every n-th of all mutants, and reports how many of each class survive, and which.
    /// </summary>
    [Fact]
    public void Sweep_ReportsSurvivors()
    {
        string[] selection = (Environment.GetEnvironmentVariable("NDIFF_SWEEP_MUTATIONS") ?? "").Split(' ');
        Assert.SkipUnless(int.TryParse(selection[0], out int step), "NDIFF_SWEEP_MUTATIONS does not say which mutants to sweep.");
        Mutant[] mutants =
            [.. MutantList.All.Where(mutant => selection.Length == 1 || mutant.Mutation.Class.ToString() == selection[1]).Where((_, i) => i % step == 0)];
        ITestOutputHelper output = TestContext.Current.TestOutputHelper!;
        var survivors = new ConcurrentBag<Mutant>();
        // One at a time: a survivor takes far longer than the others.
        Parallel.ForEach(Partitioner.Create(mutants, EnumerablePartitionerOptions.NoBuffering), mutant =>
        {
            if (mutant.Run().Outcome != MutantOutcome.Survived) return;
            survivors.Add(mutant);
            output.WriteLine(mutant.Name);
        });
        foreach (IGrouping<MutationClass, Mutant> kind in mutants.GroupBy(mutant => mutant.Mutation.Class))
            output.WriteLine($"{kind.Key}: {survivors.Count(survivor => survivor.Mutation.Class == kind.Key)} of {kind.Count()} survive");
    }
}
