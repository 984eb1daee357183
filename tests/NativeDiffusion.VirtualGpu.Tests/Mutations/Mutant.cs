using System.Text;
using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Kernels;
using NativeDiffusion.Testing.Kernels;
using NativeDiffusion.Verification;
using NativeDiffusion.VirtualGpu.Checks;

namespace NativeDiffusion.VirtualGpu.Tests.Mutations;

/// <summary>Shipped PTX with one fault, and the kernel's cases that must detect it.</summary>
internal sealed record Mutant(KernelVariant Variant, int Capability, Mutation Mutation)
{
    // The kernels' warps run fewer than 10 000 basic blocks on their cases; a loop of tensor-core products takes seconds for this many.
    private const long Patience = 50_000;

    public string File => ShippedPtx.FileName(Variant, Capability);

    /// <summary>The text with the fault.</summary>
    public string Ptx => Mutation.Apply(Read(Variant, Capability));

    /// <summary>The mutant as a line of a list.</summary>
    public string Name => $"{Mutation.Class} | {File} | {Mutation.Entry} | {Mutation.Line} | {Mutation.Before} | {Mutation.After}";

    public static string Read(KernelVariant variant, int capability) =>
        Encoding.UTF8.GetString(KernelList.ShippedPtx.Read(ShippedPtx.FileName(variant, capability))!);

    /// <summary>Runs the kernel's cases until the mutant is detected; returns how, and the report.</summary>
    public (MutantOutcome Outcome, string Report) Run() => Check(Variant, Capability, Mutation.Entry, Encoding.UTF8.GetBytes(Ptx));

    /// <summary>The cases that launch an entry of a kernel, each in both schedules, with a text that may have a fault.</summary>
    public static (MutantOutcome Outcome, string Report) Check(KernelVariant variant, int capability, string entry, byte[] ptx)
    {
        ShippedPtx texts = KernelList.ShippedPtx.Replace(ShippedPtx.FileName(variant, capability), ptx);
        VirtualKernelDevice[] cards = [.. ((bool[])[false, true]).Select(
            isAdversarial => new VirtualKernelDevice(VirtualKernelDevice.Card(capability, isAdversarial) with { Patience = Patience }, texts))];
        try
        {
            var runs = from one in KernelCases.All
                       where one.Variant.Equals(variant) && one.Size != KernelCaseSize.Large
                       from card in cards
                       where one.Fits(card.Device.Properties) && one.Entries(card.Device.Properties).Contains(entry)
                       select Check(one, card);
            return runs.FirstOrDefault(run => run.Outcome != MutantOutcome.Survived, (Outcome: MutantOutcome.Survived, Report: ""));
        }
        finally
        {
            foreach (VirtualKernelDevice card in cards) card.Discard();
        }
    }

    private static (MutantOutcome Outcome, string Report) Check(KernelCase one, VirtualKernelDevice card)
    {
        VerifyResult? result = null;
        try
        {
            card.Driver.ClearLaunches();
            result = one.Check(card.Device);
        }
        catch (KernelCompilationException rejected)
        {
            return (MutantOutcome.Refusal, rejected.Message);
        }
        catch (CudaException) when (card.Driver.Findings.Count > 0)
        {
            // What was found says more than the status that the driver gave for it.
        }

        if (card.Driver.Findings is [Finding first, ..]) return (MutantOutcome.Finding, first.Kind.ToString());
        if (result is { Verdict: not VerifyVerdict.Passed }) return (MutantOutcome.Result, result.Detail!);
        bool hasConflicts = one is GemmCase && card.Launches.Any(launch => launch.BankConflicts > 0);
        return hasConflicts ? (MutantOutcome.Result, "bank conflicts") : (MutantOutcome.Survived, "");
    }
}
