using System.Text;
using NativeDiffusion.Text;
using Xunit;

namespace NativeDiffusion.Tests.Text;

/// <summary>Nothing a user can type or paste crashes or hangs the text room; the length alone may cost time.</summary>
public sealed class PromptFuzzTests
{
    private static readonly ClipTokenizer s_clip = ClipTokenizer.CreateDefault();

    private static readonly string[] s_pieces =
    [
        "(", ")", "[", "]", ":", "|", "\\", ":1.1)", ":.5]", "[a:b:3]", "[a|b|c]", " AND ", "AND", " BREAK ", "BREAK", "<lora:x:1>", "<", ">", "<a:",
        "1", "1.5", "-1", "+.5", "1e9", "1e999", ".", ",", " ", "  ", "\t", "\n", "\r\n", "\0", "\u0001", "\u001C", "\u0085", "\u200B", "\u2028", "\uFEFF",
        "tree", "masterpiece", "don't", "O'Neil's", "'s", "''", "İ", "ß", "é", "e\u0301", "\u0307", "\u0323", "山", "が", "か\u3099", "한",
        "\u1112\u1161\u11AB", "😀", "👩‍👩‍👧", "\U0001D400", "\U00010400", "\uD800", "\uDC00", "\uFFFF", "<|endoftext|>", "<|startoftext|>", "<|ENDOFTEXT|>",
        "<|", "|>", "embedding:x", "٣", "½",
    ];

    [Fact]
    public void RandomPrompts_TwelveThousand_PassThroughEverything()
    {
        var random = new Random(20260101);
        var chunker = new PromptChunker(s_clip, [PromptChunkerTests.Word("tree", 3), PromptChunkerTests.Word("masterpiece , tree", 70)]);
        var comfy = new ComfyPrompt(s_clip, [PromptChunkerTests.Word("x", 9)]);
        for (int i = 0; i < 12_000; i++)
        {
            string prompt = i % 100 == 0 ? Noise(random, 2000) : Soup(random, i % 10 == 0 ? 400 : 25);
            PromptWithNetworks cut = PromptParser.CutExtraNetworks(prompt);
            foreach (SubPrompt part in PromptParser.SplitAnd(cut.Prompt))
            {
                PromptSchedule schedule = PromptSchedule.Parse(part.Text, 7, i % 2 == 0 ? null : 5, i % 3 == 0);
                Assert.Equal(i % 2 == 0 || i % 3 == 0 ? 7 : 5, schedule.Entries[^1].EndStep);
                Assert.Equal(schedule.Entries.Select(entry => entry.EndStep).Order().Distinct(), schedule.Entries.Select(entry => entry.EndStep));
                foreach (string text in schedule.Entries.Select(entry => entry.Text).Distinct())
                {
                    PromptChunks chunks = chunker.Chunk(text);
                    Assert.All(chunks.Chunks, chunk => Assert.Equal(77, chunk.Tokens.Count));
                    Assert.All(chunks.Chunks, chunk => Assert.Equal(77, chunk.Multipliers.Count));
                    Assert.InRange(chunks.TokenCount, (chunks.Chunks.Count - 1) * 75, chunks.Chunks.Count * 75);
                }
            }
            Assert.All(comfy.Chunk(prompt).Chunks, chunk => Assert.Equal(77, chunk.Tokens.Count));
        }
    }

    /// <summary>The text that ids decode to has the same ids: words stay parted, and normalised text stays as it is.</summary>
    [Fact]
    public void Decode_RandomTexts_EncodeToTheSameIds()
    {
        var random = new Random(7);
        for (int i = 0; i < 3_000; i++)
        {
            int[] ids = s_clip.Encode(i % 2 == 0 ? Soup(random, 20) : Noise(random, 40));
            Assert.Equal(ids, s_clip.Encode(s_clip.Decode(ids)));
        }
    }

    /// <summary>Two hundred thousand of each: a way that is quadratic in the length, or that recurses, would not come back.</summary>
    [Theory]
    [InlineData("(", "")]
    [InlineData("[", "")]
    [InlineData("(a", "")]
    [InlineData("a)", "")]
    [InlineData("[a", ":1]")]
    [InlineData("[a:", ":1]")]
    [InlineData("[a|", "]")]
    [InlineData("(", ":1.1)")]
    [InlineData("\\", "")]
    [InlineData(":", "")]
    [InlineData("a BREAK ", "")]
    [InlineData("a AND ", "")]
    [InlineData("a:1", " ")]
    [InlineData("<a:", "")]
    [InlineData("<lora:x:1>", "")]
    [InlineData(" ", "")]
    [InlineData("山", "")]
    [InlineData("\uD800", "")]
    public void LongPrompts_OfOnePiece_End(string open, string close)
    {
        const int Count = 200_000;
        string prompt = string.Concat(Enumerable.Repeat(open, Count)) + string.Concat(Enumerable.Repeat(close, close.Length == 0 ? 0 : Count));
        string rest = PromptParser.CutExtraNetworks(prompt).Prompt;
        Assert.NotEmpty(PromptParser.SplitAnd(rest));
        Assert.NotEmpty(PromptParser.ParseAttention(rest));
        Assert.NotEmpty(PromptSchedule.Parse(rest, 2).Entries);
        Assert.NotEmpty(ComfyWeights.Parse(rest.Length == 0 ? "a" : rest));
    }

    private static string Soup(Random random, int most)
    {
        var text = new StringBuilder();
        for (int left = random.Next(most + 1); left > 0; left--)
            text.Append(s_pieces[random.Next(s_pieces.Length)]);
        return text.ToString();
    }

    private static string Noise(Random random, int most)
    {
        var text = new StringBuilder();
        for (int left = random.Next(most + 1); left > 0; left--)
            text.Append((char)(random.Next(3) == 0 ? random.Next(0x10000) : random.Next(0x80)));
        return text.ToString();
    }
}
