using System.Text.Json;
using NativeDiffusion.Text;

namespace NativeDiffusion.Verification;

/// <summary><c>prompts-*.json</c>: the attention grammar, the schedules of edited prompts, and AND.</summary>
internal sealed class PromptsCheck : IGoldenCheck
{
    private const double WeightBudget = 1e-12;

    /// <inheritdoc/>
    public bool Handles(string fileName) => fileName.StartsWith("prompts-", StringComparison.Ordinal) && fileName.EndsWith(".json", StringComparison.Ordinal);

    /// <inheritdoc/>
    public IEnumerable<VerifyCase> Cases(string path)
    {
        string stem = Path.GetFileNameWithoutExtension(path);
        yield return new VerifyCase($"{stem}/attention", 0, context => Run(path, "attention", context, AttentionDiffers));
        yield return new VerifyCase($"{stem}/schedules", 0, context => Run(path, "schedules", context, ScheduleDiffers));
        yield return new VerifyCase($"{stem}/composable", 0, context => Run(path, "composable", context, AndDiffers));
    }

    private static VerifyResult Run(string path, string list, VerifyContext context, Func<JsonElement, string, bool> differs)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        if (!document.RootElement.TryGetProperty(list, out JsonElement entries)) return VerifyResult.Skip($"the file has no list {list}");
        int count = 0;
        int misses = 0;
        string? worst = null;
        foreach (JsonElement entry in entries.EnumerateArray())
        {
            context.Cancellation.ThrowIfCancellationRequested();
            string text = entry.GetProperty("text").GetString()!;
            if (differs(entry, text))
            {
                misses++;
                worst ??= $"prompt {count} differs: {JsonEncodedText.Encode(text)}";
            }
            count++;
        }
        return VerifyResult.Judge(misses, 0, worst ?? $"{count} prompts");
    }

    private static bool AttentionDiffers(JsonElement entry, string text) =>
        PartsDiffer(entry, [.. PromptParser.ParseAttention(text).Select(part => (part.Text, part.Weight))]);

    private static bool AndDiffers(JsonElement entry, string text) =>
        PartsDiffer(entry, [.. PromptParser.SplitAnd(text).Select(part => (part.Text, part.Weight))]);

    private static bool PartsDiffer(JsonElement entry, IReadOnlyList<(string Text, double Weight)> parts)
    {
        JsonElement expected = entry.GetProperty("parts");
        if (expected.GetArrayLength() != parts.Count) return true;
        for (int i = 0; i < parts.Count; i++)
        {
            double weight = expected[i][1].GetDouble();
            if (expected[i][0].GetString() != parts[i].Text) return true;
            if (!(Math.Abs(weight - parts[i].Weight) <= WeightBudget * Math.Max(1, Math.Abs(weight)))) return true;
        }
        return false;
    }

    private static bool ScheduleDiffers(JsonElement entry, string text)
    {
        int? hiresSteps = entry.TryGetProperty("hires_steps", out JsonElement hires) ? hires.GetInt32() : null;
        bool old = entry.TryGetProperty("old", out JsonElement flag) && flag.GetBoolean();
        PromptSchedule schedule = PromptSchedule.Parse(text, entry.GetProperty("steps").GetInt32(), hiresSteps, old);
        JsonElement expected = entry.GetProperty("schedule");
        if (expected.GetArrayLength() != schedule.Entries.Count) return true;
        for (int i = 0; i < schedule.Entries.Count; i++)
        {
            PromptScheduleEntry mine = schedule.Entries[i];
            if (expected[i][0].GetInt32() != mine.EndStep || expected[i][1].GetString() != mine.Text) return true;
        }
        return false;
    }
}
