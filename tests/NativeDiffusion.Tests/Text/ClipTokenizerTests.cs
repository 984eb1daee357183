using NativeDiffusion.Testing;
using NativeDiffusion.Text;
using NativeDiffusion.Verification;
using Xunit;

namespace NativeDiffusion.Tests.Text;

public sealed class ClipTokenizerTests
{
    private static readonly ClipTokenizer s_clip = ClipTokenizer.CreateDefault();

    [Theory]
    [InlineData("tokens-clip.json")]
    [InlineData("tokens-tiny.json")]
    public void Encode_Goldens_AreEqual(string file)
    {
        GoldenCases.AllPass(new TokensCheck(), file);
    }

    [Fact]
    public void CreateDefault_Specials_AreClips()
    {
        Assert.Equal(49408, s_clip.VocabularySize);
        Assert.Equal(49406, s_clip.BeginId);
        Assert.Equal(49407, s_clip.EndId);
        Assert.Equal(49407, s_clip.PadId);
        Assert.True(s_clip.TryGetId(",</w>", out int comma));
        Assert.Equal(267, comma);
    }

    /// <summary>transformers' pattern names the specials, which in capitals are no specials: they end an adjoining run of signs.</summary>
    [Fact]
    public void Encode_SpecialInCapitals_IsThreeWordsApartFromItsNeighbours()
    {
        int[] together = s_clip.Encode("<|ENDOFTEXT|>!!");
        int[] apart = s_clip.Encode("<|ENDOFTEXT|> !!");
        Assert.Equal(apart, together);
        Assert.DoesNotContain(s_clip.EndId, together);
    }

    [Fact]
    public void Decode_Words_ComeBackInLowerCase()
    {
        Assert.Equal("two trees , café ñandú", s_clip.Decode(s_clip.Encode("Two TREES,  cafe\u0301 ÑANDÚ")));
        Assert.Throws<ArgumentOutOfRangeException>(() => s_clip.Decode([-1]));
    }

    [Fact]
    public void EncodePadded_LongText_KeepsBeginAndEnd()
    {
        int[] ids = s_clip.EncodePadded(string.Concat(Enumerable.Repeat("tree ", 200)));
        Assert.Equal(ClipTokenizer.MaxLength, ids.Length);
        Assert.Equal(s_clip.BeginId, ids[0]);
        Assert.Equal(s_clip.EndId, ids[^1]);
        Assert.Equal(75, ids[1..^1].Count(id => id == s_clip.Encode("tree")[0]));
    }

    /// <summary>A word of a million letters, a million marks on one letter and a million specials end in linear time: a quadratic way takes hours.</summary>
    [Theory]
    [InlineData("a", 1_000_000)]
    [InlineData("ab\u0323\u0307", 250_000)]
    [InlineData("\u0307\u0323", 500_000)]
    [InlineData("<|startoftext|>", 100_000)]
    [InlineData("<", 1_000_000)]
    [InlineData("'", 1_000_000)]
    public void Encode_HostileLength_Ends(string piece, int count)
    {
        Assert.NotEmpty(s_clip.Encode("x" + string.Concat(Enumerable.Repeat(piece, count))));
    }

    [Fact]
    public void Open_TokenizerJsonAlone_GivesTheSameTokens()
    {
        string source = Path.Combine(Repository.Root, "models", "tiny-landscapes", "tokenizer");
        using var folder = new TemporaryFolder();
        File.Copy(Path.Combine(source, "tokenizer.json"), Path.Combine(folder.Path, "tokenizer.json"));
        const string Text = "a painting of purple hills, two trees and ЖУК 山";
        Assert.Equal(ClipTokenizer.Open(source).Encode(Text), ClipTokenizer.Open(folder.Path).Encode(Text));
    }

    [Theory]
    [InlineData("[]", "a b", "object of tokens")]
    [InlineData("{", "a b", "not valid JSON")]
    [InlineData("{\"a\": -1}", "", "whole number")]
    [InlineData("{\"a\": 1, \"b\": 1}", "", "id of its own")]
    [InlineData("{\"a\": 1}", "", "<|startoftext|>")]
    [InlineData("{\"a\": 1, \"<|startoftext|>\": 2, \"<|endoftext|>\": 3}", "a b", "\"b\"")]
    [InlineData("{\"a\": 1, \"<|startoftext|>\": 2, \"<|endoftext|>\": 3}", "ab", "line 1")]
    public void Open_BadFiles_AreNamedInTheMessage(string vocab, string merges, string expected)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "vocab.json"), vocab);
        File.WriteAllText(Path.Combine(folder.Path, "merges.txt"), merges);
        CheckpointException exception = Assert.Throws<CheckpointException>(() => ClipTokenizer.Open(folder.Path));
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }
}
