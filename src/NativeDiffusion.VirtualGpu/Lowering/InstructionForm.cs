using System.Globalization;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Lowering;

/// <summary>The accepted forms of an instruction: operand count, modifiers, types.</summary>
/// <param name="Least">Minimum operand count.</param>
/// <param name="Most">Maximum operand count.</param>
/// <param name="LeastTypes">Minimum type count.</param>
/// <param name="Modifiers">Modifiers that are not types; a trailing * is a wildcard.</param>
/// <param name="Types">Types.</param>
internal sealed record InstructionForm(int Least, int Most, int LeastTypes, IReadOnlyList<string> Modifiers, IReadOnlyList<string> Types)
{
    /// <summary>Parses "3-4|words|types": one type is required if any are listed, two if the types begin with 2.</summary>
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

    /// <exception cref="PtxException">A modifier, type or operand is unknown or missing.</exception>
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
