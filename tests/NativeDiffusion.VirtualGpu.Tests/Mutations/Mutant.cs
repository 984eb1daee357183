using System.Text;
using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Kernels;
using NativeDiffusion.VirtualGpu.Execution;
using NativeDiffusion.VirtualGpu.Ptx;
using NativeDiffusion.VirtualGpu.Tests.Kernels;

namespace NativeDiffusion.VirtualGpu.Tests.Mutations;

/// <summary>Shipped PTX with one fault, and the battery that must detect it.</summary>
internal sealed record Mutant(KernelVariant Variant, int Capability, Mutation Mutation)
{
    // The kernels' warps run fewer than 10 000 basic blocks on the batteries' problems; a loop of tensor-core products takes seconds for this many.
    private const long Patience = 50_000;

    public string File => ShippedPtx.FileName(Variant, Capability);

    /// <summary>The text with the fault.</summary>
    public string Ptx => Mutation.Apply(Read(Variant, Capability));

    /// <summary>The mutant as a line of a list.</summary>
    public string Name => $"{Mutation.Class} | {File} | {Mutation.Entry} | {Mutation.Line} | {Mutation.Before} | {Mutation.After}";

    public static string Read(KernelVariant variant, int capability) =>
        Encoding.UTF8.GetString(KernelList.ShippedPtx.Read(ShippedPtx.FileName(variant, capability))!);

    /// <summary>Runs the battery until the mutant is detected; returns how, and the report.</summary>
    public (MutantOutcome Outcome, string Report) Run()
    {
        try
        {
            Check(Variant, Capability, Mutation.Entry, Ptx);
            return (MutantOutcome.Survived, "");
        }
        catch (FoundException found)
        {
            return (MutantOutcome.Finding, found.Findings[0].Kind.ToString());
        }
        catch (Xunit.Sdk.XunitException wrong)
        {
            return (MutantOutcome.Result, wrong.Message.ReplaceLineEndings(" "));
        }
        catch (PtxException rejected)
        {
            return (MutantOutcome.Refusal, rejected.Message);
        }
    }

    /// <summary>The battery of a kernel, in both schedules, with a text that may have a fault.</summary>
    public static void Check(KernelVariant variant, int capability, string entry, string ptx)
    {
        if (GemmVariant.All.FirstOrDefault(one => one.Compilation.Equals(variant)) is { } product)
        {
            new GemmBattery(product, capability, ptx, new ExecutionOptions { Workers = 1, Patience = Patience }).CheckAll();
            return;
        }

        bool silu = entry.Contains("silu", StringComparison.Ordinal), isOne = entry is "group_norm_f16" or "group_norm_silu_f16";
        GroupNormProblem[] problems = isOne ? [.. GroupNormBattery.OneLaunch, .. GroupNormBattery.OneLaunchCounts(capability)]
            : [.. GroupNormBattery.TwoLaunches, .. GroupNormBattery.TwoLaunchCounts];
        foreach (bool isAdversarial in (bool[])[false, true])
        {
            VirtualGpuOptions card = isOne ? KernelSession.Card(capability, isAdversarial) : GroupNormBattery.NarrowCard(capability, isAdversarial);
            GroupNormBattery.Check(card with { Patience = Patience }, problems, silu, isOne ? 1 : 2, ptx);
        }
    }
}
