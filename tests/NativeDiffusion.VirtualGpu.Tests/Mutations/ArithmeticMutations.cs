using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Tests.Mutations;

/// <summary>Faults in bounds, and in the operands of tensor-core instructions.</summary>
internal static class ArithmeticMutations
{
    public static IEnumerable<Mutation> Of(PtxEntry entry) => entry.Instructions.SelectMany(instruction => instruction.Opcode switch
    {
        "setp" when instruction.Type is PtxType.S32 or PtxType.U32 or PtxType.S64 or PtxType.U64 => Bounds(entry, instruction),
        "mma" => Swaps(entry, instruction),
        _ => [],
    });

    // A constant bound is one less; between registers, equality changes sides. One more is often no change: sizes are multiples of 4 or 8.
    private static IEnumerable<Mutation> Bounds(PtxEntry entry, PtxInstruction comparison)
    {
        string text = entry.Text(comparison), order = comparison.Modifiers[0];
        string? other = order switch { "lt" => "le", "le" => "lt", "gt" => "ge", "ge" => "gt", _ => null };
        if (other is null) return [];
        string after = comparison.Operands[^1] is PtxOperand.Immediate ? PtxEdits.Constant(text, value => value - 1)
            : text.Replace($"setp.{order}.", $"setp.{other}.", StringComparison.Ordinal);
        return [entry.Replace(MutationClass.PredicateBound, comparison, after)];
    }

    // Halves of the depth, rows of A, or rows and depth of A.
    private static IEnumerable<Mutation> Swaps(PtxEntry entry, PtxInstruction product)
    {
        string text = entry.Text(product);
        var a = (PtxOperand.Vector)product.Operands[1];
        yield return entry.Replace(MutationClass.OperandsSwapped, product, PtxEdits.Swap(text, $"{a.Elements[0]}", $"{a.Elements[1]}"));
        if (a.Elements.Count > 2) yield return entry.Replace(
            MutationClass.OperandsSwapped, product, PtxEdits.Swap(text, $"{a.Elements[1]}", $"{a.Elements[2]}"));
        if (product.Operands[2] is PtxOperand.Vector { Elements.Count: > 1 } b)
            yield return entry.Replace(MutationClass.OperandsSwapped, product, PtxEdits.Swap(text, $"{b.Elements[0]}", $"{b.Elements[1]}"));
    }
}
