using System.Globalization;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Tests.Mutations;

/// <summary>Faults in memory addresses.</summary>
internal static class AddressMutations
{
    // Multiples of 8 halves keep what is aligned aligned: such a fault is not found by a misaligned address alone.
    private const int StrideStep = 8;

    // Constants below scale elements to bytes.
    private const ulong LeastConstantStride = 16;

    public static IEnumerable<Mutation> Of(PtxEntry entry) => [.. Swizzles(entry), .. Strides(entry), .. Epilogue(entry)];

    // Constants beside an exclusive or in the address of shared memory: its operands' masks and shifts, its own, and those of its result.
    private static IEnumerable<Mutation> Swizzles(PtxEntry entry)
    {
        IReadOnlyList<PtxInstruction> sources = entry.Sources(entry.Instructions.SelectMany(SharedAddress));
        PtxInstruction[] permutations = [.. sources.Where(source => source.Opcode == "xor")];
        HashSet<PtxRegister> results = [.. permutations.Select(Result)];
        HashSet<PtxInstruction> near = [.. permutations];
        near.UnionWith(permutations.SelectMany(one => Factors(one).SelectMany(entry.Definitions)));
        near.UnionWith(sources.Where(source => Factors(source).Any(results.Contains)));
        return near.Where(one => one.Opcode is "xor" or "and" or "shl" or "shr" or "bfi" && one.Operands[^1] is PtxOperand.Immediate).OrderBy(one => one.Line)
            .Select(one => entry.Replace(MutationClass.SwizzleConstant, one, Nudge(entry.Text(one), one.Opcode)));
    }

    // Products of two registers, products by a large constant, and constant steps, in the address of global memory.
    private static IEnumerable<Mutation> Strides(PtxEntry entry)
    {
        foreach (PtxInstruction source in entry.Sources(entry.Instructions.SelectMany(GlobalAddress)).Where(source => source.Guard is null))
        {
            string text = entry.Text(source);
            if (source.Opcode is "mul" or "mad" && source.Operands[2] is PtxOperand.Register factor)
            {
                string type = $".b{source.Type.Bits()}", product = PtxEdits.Last(text, factor.Value.Name, "%stride");
                yield return entry.Replace(
                    MutationClass.Stride, source, $"{{ .reg {type} %stride; add.s{source.Type.Bits()} %stride, {factor}, {StrideStep}; {product} }}");
            }
            else if (source.Opcode is "mul" && source.Operands[2] is PtxOperand.Immediate { Bits: >= LeastConstantStride }
                || (source.Opcode is "add" && source.Operands[2] is PtxOperand.Immediate && source.Operands[0] == source.Operands[1]
                    && source.Type is PtxType.S64))
            {
                yield return entry.Replace(
                    MutationClass.Stride, source, PtxEdits.Constant(text, value => value + (source.Opcode == "mul" ? StrideStep : 2 * StrideStep)));
            }
        }
    }

    // Behind the last product or barrier: the places of loads and stores, and the constants that they are computed from.
    private static IEnumerable<Mutation> Epilogue(PtxEntry entry)
    {
        int start = entry.Instructions.LastOrDefault(one => one.Opcode is "mma" or "bar")?.Line ?? 0;
        PtxInstruction[] accesses = [.. entry.Instructions.Where(one => one.Line > start && one.Has("global") && one.Opcode is "ld" or "st")];
        foreach (PtxInstruction access in accesses.Where(one => one.Operands.OfType<PtxOperand.Address>().Any(address => address.Base is PtxOperand.Register)))
            yield return entry.Replace(MutationClass.EpilogueIndex, access, PtxEdits.Offset(entry.Text(access), Bytes(access)));
        foreach (PtxInstruction source in entry.Sources(accesses.SelectMany(GlobalAddress)).Where(
            one => one.Line > start && one.Opcode is "add" or "and" or "shl" or "shr" && one.Operands[^1] is PtxOperand.Immediate))
            yield return entry.Replace(MutationClass.EpilogueIndex, source, Nudge(entry.Text(source), source.Opcode));
    }

    // Another bit of a mask, another position of a field, one more.
    private static string Nudge(string text, string opcode) => opcode switch
    {
        "xor" => PtxEdits.Constant(text, value => value ^ 16),
        "and" => PtxEdits.Constant(text, value => value ^ (value & -value)),
        "bfi" => PtxEdits.Constant(text, value => value - 1),
        _ => PtxEdits.Constant(text, value => value + 1),
    };

    private static int Bytes(PtxInstruction access) =>
        access.Type.Bits() / 8 * (access.Modifiers.FirstOrDefault(modifier => modifier is "v2" or "v4") is string vector
            ? int.Parse(vector.AsSpan(1), CultureInfo.InvariantCulture) : 1);

    private static IEnumerable<PtxOperand> SharedAddress(PtxInstruction instruction) => instruction.Has("shared") ? Addresses(instruction).Take(1) : [];

    private static IEnumerable<PtxOperand> GlobalAddress(PtxInstruction instruction) => instruction.Has("global") ? Addresses(instruction).TakeLast(1) : [];

    private static IEnumerable<PtxOperand> Addresses(PtxInstruction instruction) => instruction.Operands.Where(operand => operand is PtxOperand.Address);

    private static PtxRegister Result(PtxInstruction instruction) => ((PtxOperand.Register)instruction.Operands[0]).Value;

    private static IEnumerable<PtxRegister> Factors(PtxInstruction instruction) =>
        instruction.Operands.Skip(1).OfType<PtxOperand.Register>().Select(register => register.Value);
}
