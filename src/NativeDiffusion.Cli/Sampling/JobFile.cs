using System.Text.Json;

namespace NativeDiffusion.Cli.Sampling;

/// <summary>
/// Reads a job file: a text file with one prompt per line (blank lines and lines that start with # are skipped), or JSON
/// lines, each an object with a prompt and any settings: <c>{"prompt": "the sea", "seed": 3, "size": "128x64"}</c>.
/// </summary>
internal static class JobFile
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="common">The settings that apply unless a line overrides them.</param>
    /// <exception cref="CliException">The file or a line cannot be read; the line is named.</exception>
    public static IReadOnlyList<SampleJob> Read(string path, SampleJob common)
    {
        if (!File.Exists(path))
            throw new CliException($"There is no job file '{path}'.");
        bool json = path.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".json", StringComparison.OrdinalIgnoreCase);
        var jobs = new List<SampleJob>();
        int number = 0;
        foreach (string raw in File.ReadLines(path))
        {
            number++;
            string line = raw.Trim();
            if (line.Length == 0 || line.StartsWith('#'))
                continue;
            jobs.Add(
                json
                || line.StartsWith('{') ? FromJson(line, common, $"{path} line {number}") : common with { Options = common.Options with { Prompt = line } });
        }

        return jobs.Count > 0 ? jobs : throw new CliException(
            $"{path} holds no jobs: write a prompt on each line, or a JSON object such as {{\"prompt\": \"the sea at noon\", \"seed\": 1}}.");
    }

    private static SampleJob FromJson(string line, SampleJob common, string place)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new CliException($"{place} is not a JSON object.");
            SampleJob job = common;
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
                job = Set(job, property, place);
            return job;
        }
        catch (JsonException exception)
        {
            throw new CliException($"{place} is not valid JSON: {exception.Message}", ExitCodes.Failed, exception);
        }
    }

    private static SampleJob Set(SampleJob job, JsonProperty property, string place)
    {
        string value = property.Value.ValueKind switch
        {
            JsonValueKind.String => property.Value.GetString()!,
            JsonValueKind.Array => string.Join(',', property.Value.EnumerateArray().Select(item => item.ToString())),
            JsonValueKind.Number => property.Value.GetRawText(),
            _ => throw new CliException($"{place}: {property.Name} must be a text, a number or a list of numbers, not {property.Value.ValueKind}."),
        };
        return property.Name switch
        {
            "prompt" => job with { Options = job.Options with { Prompt = value } },
            "output" => job with { Output = value },
            _ when Settings.Find(property.Name) is { } setting => setting.Set(job, value, $"{place}: {property.Name}"),
            _ => throw new CliException(
                $"{place}: '{property.Name}' is not a setting. Available: prompt, output, {string.Join(", ", Settings.All.Select(setting => setting.Name))}."),
        };
    }
}
