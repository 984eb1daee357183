using System.Globalization;
using System.Text.Json;
using NativeDiffusion.Cli.Output;
using NativeDiffusion.Verification;

namespace NativeDiffusion.Cli.Kernels;

/// <summary>
/// What became of the kernels' cases: a row each where they are few; else a row for each kernel's family of cases, with the one that took most of its
/// tolerance. Whatever missed has a row of its own, and a line that says where. The JSON document has every case.
/// </summary>
internal static class KernelCheckReport
{
    private const int MostRows = 40;

    /// <summary>Writes table, lines and JSON.</summary>
    public static void Write(Terminal terminal, CheckedCard card, IReadOnlyList<KernelOutcome> outcomes, double seconds)
    {
        IEnumerable<IReadOnlyList<string>> rows = outcomes.Count <= MostRows ? outcomes.Select(outcome => Row(outcome.Case.Name, outcome.Result))
            : outcomes.GroupBy(outcome => $"{outcome.Case.Kernel}/{outcome.Case.Family}").SelectMany(Rows);
        terminal.Table(["case", ">worst error", ">tolerance", "verdict"], rows);
        foreach (KernelOutcome missed in outcomes.Where(outcome => outcome.Result is { Verdict: VerifyVerdict.Missed, Detail: not null }))
            terminal.Line(missed.Result.Detail!.ReplaceLineEndings(" "), "red");
        int passed = Count(outcomes, VerifyVerdict.Passed), skipped = Count(outcomes, VerifyVerdict.Skipped);
        string notRun = skipped > 0 ? $", {skipped} not run because an earlier one lost the card's context" : "";
        terminal.Line(
            $"{passed} passed, {outcomes.Count - passed - skipped} missed{notRun} in {StepRate.Seconds(seconds)} on {card.Device.Name}, "
                + card.Device.Properties.Name,
            passed == outcomes.Count ? "green" : "red");
        terminal.WriteJson(json => Write(json, card, outcomes, seconds));
    }

    private static IEnumerable<IReadOnlyList<string>> Rows(IGrouping<string, KernelOutcome> family)
    {
        KernelOutcome[] passed = [.. family.Where(outcome => outcome.Result.Verdict == VerifyVerdict.Passed)];
        if (passed.Length > 0)
            yield return Row($"{family.Key} ({passed.Length})", passed.MaxBy(outcome => Share(outcome.Result))!.Result);
        foreach (KernelOutcome outcome in family.Where(outcome => outcome.Result.Verdict == VerifyVerdict.Missed))
            yield return Row(outcome.Case.Name, outcome.Result);
    }

    private static string[] Row(string name, VerifyResult result)
    {
        string verdict = result.Verdict switch { VerifyVerdict.Passed => "pass", VerifyVerdict.Missed => "MISS", _ => "not run" };
        return [name, Number(result.Error), Number(result.Budget), verdict];
    }

    private static double Share(VerifyResult result) => result.Budget == 0 ? 0 : result.Error / result.Budget;

    private static int Count(IEnumerable<KernelOutcome> outcomes, VerifyVerdict verdict) => outcomes.Count(outcome => outcome.Result.Verdict == verdict);

    private static string Number(double value) => value == 0 ? "0" : KernelText.Number(value, "0.00e+0");

    private static void Write(Utf8JsonWriter json, CheckedCard card, IReadOnlyList<KernelOutcome> outcomes, double seconds)
    {
        json.WriteStartObject();
        json.WriteString("device", card.Device.Name);
        json.WriteString("card", card.Device.Properties.Name);
        json.WriteString("computeCapability", card.Device.Properties.ComputeCapability.ToString(CultureInfo.InvariantCulture));
        json.WriteNumber("passed", Count(outcomes, VerifyVerdict.Passed));
        json.WriteNumber("missed", Count(outcomes, VerifyVerdict.Missed));
        json.WriteNumber("notRun", Count(outcomes, VerifyVerdict.Skipped));
        json.WriteBoolean("ok", outcomes.All(outcome => outcome.Result.Verdict == VerifyVerdict.Passed));
        json.WriteNumber("seconds", Math.Round(seconds, 3));
        json.WriteStartArray("cases");
        foreach (KernelOutcome outcome in outcomes)
        {
            json.WriteStartObject();
            json.WriteString("name", outcome.Case.Name);
            json.WriteString("verdict", outcome.Result.Verdict.ToString().ToLowerInvariant());
            WriteNumber(json, "error", outcome.Result.Error);
            WriteNumber(json, "tolerance", outcome.Result.Budget);
            json.WriteNumber("seconds", Math.Round(outcome.Seconds, 3));
            if (outcome.Result.Detail is { } detail) json.WriteString("detail", detail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    // JSON has no infinity.
    private static void WriteNumber(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value)) json.WriteNumber(name, value);
        else json.WriteNull(name);
    }
}
