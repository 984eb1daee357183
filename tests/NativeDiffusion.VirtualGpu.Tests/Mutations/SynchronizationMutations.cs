using System.Globalization;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Tests.Mutations;

/// <summary>Faults in barriers, waits for copies, and fences.</summary>
internal static class SynchronizationMutations
{
    private const string Nothing = "// dropped";

    public static IEnumerable<Mutation> Of(PtxEntry entry)
    {
        foreach (PtxInstruction instruction in entry.Instructions)
        {
            switch (instruction.Name)
            {
                case "bar.sync" or "barrier.sync" or "barrier.sync.aligned":
                    yield return entry.Replace(MutationClass.BarrierDropped, instruction, Nothing);
                    break;
                case "cp.async.commit_group":
                    yield return entry.Replace(MutationClass.CommitDropped, instruction, Nothing);
                    break;
                case "cp.async.wait_group" when instruction.Operands[0] is PtxOperand.Immediate pending:
                    yield return entry.Replace(
                        MutationClass.WaitOneMore, instruction, string.Create(CultureInfo.InvariantCulture, $"cp.async.wait_group {pending.Bits + 1};"));
                    break;
                case "membar.gl" or "fence.acq_rel.gpu" or "fence.sc.gpu":
                    yield return entry.Replace(MutationClass.FenceRemoved, instruction, Nothing);
                    yield return entry.Replace(
                        MutationClass.FenceRemoved, instruction, instruction.Opcode == "membar" ? "membar.cta;" : $"fence.{instruction.Modifiers[0]}.cta;");
                    break;
                default:
                    break;
            }
        }
    }
}
