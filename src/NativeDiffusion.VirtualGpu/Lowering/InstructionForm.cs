using System.Globalization;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Lowering;

/// <summary>What may stand at an instruction: so many operands, these modifiers, these types.</summary>
/// <param name="Least">Operands at least.</param>
/// <param name="Most">Operands at most.</param>
/// <param name="LeastTypes">Types that must be named.</param>
/// <param name="Modifiers">Words that are no types; one that ends in * stands for all that begin so.</param>
/// <param name="Types">Types.</param>
internal sealed record InstructionForm(int Least, int Most, int LeastTypes, IReadOnlyList<string> Modifiers, IReadOnlyList<string> Types)
{
    /// <summary>Reads "3-4|words|types": the instruction must name a type where it may, two where the types begin with 2.</summary>
    public static InstructionForm Parse(string text, Func<string, string> expand)
    {
        string[] parts = text.Split('|'), counts = parts[0].Split('-');
        int least = int.Parse(counts[0], CultureInfo.InvariantCulture);
        string[] words = Words(parts[1]), types = Words(parts[2]);
        int wanted = types is [] or ["0", ..] ? 0 : types[0] == "2" ? 2 : 1;
        return new(
            least, counts.Length > 1 ? int.Parse(counts[1], CultureInfo.InvariantCulture)
            : least, wanted, words, [.. types.Where(type => type is not ("0" or "2"))]);

        string[] Words(string list) => string.Join(' ', list.Split(' ').Select(expand)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <exception cref="PtxException">Something stands there that must not, or is missing.</exception>
    public void Check(PtxInstruction instruction)
    {
        foreach (string modifier in instruction.Modifiers)
        {
            if (Types.Contains(modifier) || Modifiers.Contains(modifier)) continue;
            if (Modifiers.Any(known => known[^1] == '*' && modifier.StartsWith(known[..^1], StringComparison.Ordinal))) continue;
            throw instruction.Refuse(PtxTypes.Parse(modifier) != PtxType.None
                ? $"'{instruction.Opcode}' does not work on '.{modifier}' here; expected {List(Types)}."
                : $"'.{modifier}' is not known for '{instruction.Opcode}'; expected {List([.. Modifiers, .. Types])}.");
        }
        if (instruction.Types.Count < LeastTypes) throw instruction.Refuse($"a type is missing; expected {List(Types)}.");
        int count = instruction.Operands.Count;
        if (count < Least || count > Most)
            throw instruction.Refuse($"expected {(Least == Most ? $"{Least}" : $"{Least} to {Most}")} operand{(Most == 1 ? "" : "s")}, found {count}.");
    }

    private static string List(IReadOnlyList<string> words) => words.Count == 0 ? "no modifier" : string.Join(", ", words.Select(word => "." + word));
}
