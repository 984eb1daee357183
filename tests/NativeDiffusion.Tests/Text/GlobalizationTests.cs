using System.Diagnostics;
using System.Globalization;
using NativeDiffusion.Testing;
using NativeDiffusion.Text;
using Xunit;

namespace NativeDiffusion.Tests.Text;

/// <summary>Neither the culture nor ICU has a say in tokens and prompts. The tests themselves run under invariant globalisation.</summary>
public sealed class GlobalizationTests
{
    [Fact]
    public void TextRoom_HostileCulture_IsNeverAsked()
    {
        const string Prompt = "TITLE (İstanbul:1,5) [ı I:２.5:.5] AND e\u0301 :0.5 <lora:x:0.5> BREAK";
        CultureInfo before = CultureInfo.CurrentCulture;
        string expected = ReadEverything(Prompt);
        try
        {
            CultureInfo.CurrentCulture = new HostileCulture();
            Assert.Equal(expected, ReadEverything(Prompt));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    /// <summary>The same goldens once more in a process that has ICU and a Turkish user.</summary>
    [Fact]
    public async Task Goldens_WithIcuAndTurkishUser_AreEqual()
    {
        using var folder = new TemporaryFolder();
        string config = Path.Combine(folder.Path, "ndiff.runtimeconfig.json");
        string original = await File.ReadAllTextAsync(
            Path.Combine(AppContext.BaseDirectory, "ndiff.runtimeconfig.json"), TestContext.Current.CancellationToken);
        string changed = original.Replace("\"System.Globalization.Invariant\": true", "\"System.Globalization.Invariant\": false", StringComparison.Ordinal);
        Assert.NotEqual(original, changed);
        await File.WriteAllTextAsync(config, changed, TestContext.Current.CancellationToken);

        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            ArgumentList =
                { "exec", "--runtimeconfig", config, Path.Combine(AppContext.BaseDirectory, "ndiff.dll"), "verify", Repository.Goldens, "--only", "tokens-*" },
            Environment = { ["LANG"] = "tr_TR.UTF-8", ["LC_ALL"] = "tr_TR.UTF-8" },
        };
        FinishedProcess process = await FinishedProcess.RunAsync(start);
        Assert.SkipWhen(process.Error.Contains("ICU", StringComparison.Ordinal), "This machine has no ICU, so there is nothing to compare with.");
        Assert.True(process.ExitCode == 0, process.Output + process.Error);
        Assert.Contains("4 passed", process.Output, StringComparison.Ordinal);
    }

    private static string ReadEverything(string prompt)
    {
        ClipTokenizer clip = ClipTokenizer.CreateDefault();
        PromptWithNetworks cut = PromptParser.CutExtraNetworks(prompt);
        LoraReference lora = LoraReference.From(cut.Networks[0]);
        IEnumerable<string> parts = PromptParser.SplitAnd(cut.Prompt).SelectMany(part => PromptSchedule.Parse(part.Text, 10).Entries.SelectMany(
            entry => new PromptChunker(clip).Chunk(
                entry.Text).Chunks.Select(chunk => string.Join(' ', chunk.Tokens) + string.Concat(chunk.Multipliers.Select(weight => weight * 1000 > 1500)))
                .Append(entry.EndStep > 5 ? entry.Text : string.Empty)).Append(part.Weight > 0.6 ? "heavy" : "light"));
        return string.Join('|', parts) + (lora.UnetWeight == 0.5) + clip.Decode(clip.Encode(prompt));
    }

    /// <summary>A culture that answers nothing: whoever asks it is found out.</summary>
    private sealed class HostileCulture() : CultureInfo(string.Empty)
    {
        public override TextInfo TextInfo => throw new InvalidOperationException("The text room asked the culture for its casing.");

        public override CompareInfo CompareInfo => throw new InvalidOperationException("The text room asked the culture to compare.");

        public override NumberFormatInfo NumberFormat
        {
            get => throw new InvalidOperationException("The text room asked the culture for its numbers.");
            set => throw new InvalidOperationException();
        }
    }
}
