using System.Text;
using NativeDiffusion.Testing;

namespace NativeDiffusion.VirtualGpu.Tests.Mutations;

/// <summary>The generated part of benchmarks/results/mutants.md: counts, and every mutant with what detected it.</summary>
internal static class MutationReport
{
    private const string Start = "<!-- made by MutationTests -->\n", End = "<!-- end -->\n";

    private const int LongLine = 70;

    private static readonly string s_file = Repository.PathOf("benchmarks", "results", "mutants.md");

    private static readonly string s_proofs = Repository.PathOf("docs", "mutations.md");

    /// <summary>The whole file.</summary>
    public static string Read() => File.ReadAllText(s_file).ReplaceLineEndings("\n");

    /// <summary>True if docs/mutations.md proves that a mutant is equivalent to the kernel.</summary>
    public static bool IsProved(Mutant mutant) => File.ReadAllText(s_proofs).Contains($"`{Location(mutant)}`", StringComparison.Ordinal);

    /// <summary>Replaces the report.</summary>
    public static void Update(string report)
    {
        string text = Read();
        int start = text.IndexOf(Start, StringComparison.Ordinal), end = text.IndexOf(End, StringComparison.Ordinal) + End.Length;
        File.WriteAllText(s_file, text[..start] + report + text[end..]);
    }

    public static string Write(IReadOnlyList<(Mutant Mutant, (MutantOutcome Outcome, string Report) Result)> runs)
    {
        var text = new StringBuilder(
            Start).Append("| class | mutants | wrong result | finding | rejected PTX | survivors |\n|---|---|---|---|---|---|\n");
        foreach (IGrouping<MutationClass, (Mutant, (MutantOutcome Outcome, string))> kind in runs.GroupBy(run => run.Mutant.Mutation.Class))
        {
            int Count(MutantOutcome outcome) => kind.Count(run => run.Item2.Outcome == outcome);
            text.Append(
                $"| {kind.Key} | {kind.Count()} | {Count(MutantOutcome.Result)} | {Count(MutantOutcome.Finding)} | {Count(MutantOutcome.Refusal)} | "
                    + $"{Count(MutantOutcome.Survived)} |\n");
        }

        text.Append("\n| class | location | entry | change | detected by |\n|---|---|---|---|---|\n");
        foreach ((Mutant mutant, (MutantOutcome outcome, string report)) in runs) text.Append(Row(mutant, outcome, report));
        return text.Append(End).ToString();
    }

    private static string Row(Mutant mutant, MutantOutcome outcome, string report)
    {
        string by = outcome switch
        {
            MutantOutcome.Survived => "**nothing**",
            MutantOutcome.Finding => report,
            MutantOutcome.Result => "result",
            _ => "rejected PTX",
        };
        Mutation mutation = mutant.Mutation;
        return $"| {mutation.Class} | {Location(mutant)} | {mutation.Entry} | {Change(mutation.Before, mutation.After)} | {by} |\n";
    }

    private static string Location(Mutant mutant) => $"{mutant.File[..^4]}:{mutant.Mutation.Line}";

    // Long lines: only the difference.
    private static string Change(string before, string after)
    {
        string[] old = before.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries), now = after.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        int start = 0, end = 0, least = Math.Min(old.Length, now.Length);
        if (before.Length > LongLine)
        {
            while (start < least && old[start] == now[start]) start++;
            while (end < least - start && old[^(end + 1)] == now[^(end + 1)]) end++;
        }

        string head = start > 0 ? "… " : "", tail = end > 0 ? " …" : "";
        return $"`{Code(head + string.Join(' ', old[start..^end]) + tail)}` → `{Code(head + string.Join(' ', now[start..^end]) + tail)}`";
    }

    // The pipe of a pair of registers would end the cell.
    private static string Code(string line) => line.Replace("|", "\\|", StringComparison.Ordinal);
}
