using CsCheck;
using NativeDiffusion.Imaging;
using Xunit;

namespace NativeDiffusion.Tests.Imaging;

public sealed class GenerationParametersTests
{
    private const string Example = """
        red mountains at sunset, (two trees:1.2)
        second line <lora:fog:0.8>
        Negative prompt: blurry, "low" quality
        and more
        Steps: 20, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 7.5, Seed: 12345678901234, Size: 512x768, Model hash: 6ce0161689, Model: v1-5-pruned, VAE hash: c6dbb4b7b0, VAE: vae.pt, Variation seed: 7, Variation seed strength: 0.3, Seed resize from: 512x512, Denoising strength: 0.75, Clip skip: 2, ENSD: 31337, RNG: NV, Lora hashes: "fog: 123456789abc, sea: abcdefabcdef", TI hashes: "bad: 000000000000", Eta: 0.5, Version: v1.10.1
        """;

    [Fact]
    public void Parse_A1111sText_GivesEveryField()
    {
        GenerationParameters p = GenerationParameters.Parse(Example);
        Assert.Equal("red mountains at sunset, (two trees:1.2)\nsecond line <lora:fog:0.8>", p.Prompt);
        Assert.Equal("blurry, \"low\" quality\nand more", p.NegativePrompt);
        Assert.Equal((20, "DPM++ 2M", "Karras", 7.5, 12345678901234ul), (p.Steps!.Value, p.Sampler, p.ScheduleType, p.CfgScale!.Value, p.Seed!.Value));
        Assert.Equal((512, 768), p.Size);
        Assert.Equal(("6ce0161689", "v1-5-pruned", "c6dbb4b7b0", "vae.pt"), (p.ModelHash, p.Model, p.VaeHash, p.Vae));
        Assert.Equal((7ul, 0.3, (512, 512)), (p.VariationSeed!.Value, p.VariationStrength, p.SeedResizeFrom!.Value));
        Assert.Equal((0.75, 2, 31337L, "NV"), (p.DenoisingStrength!.Value, p.ClipSkip, p.EtaNoiseSeedDelta, p.Rng));
        Assert.Equal(new Dictionary<string, string> { ["fog"] = "123456789abc", ["sea"] = "abcdefabcdef" }, p.LoraHashes);
        Assert.Equal("000000000000", p.EmbeddingHashes["bad"]);
        Assert.Equal("0.5", p["Eta"]);
        Assert.Equal(Example, p.ToString());
    }

    [Fact]
    public void Parse_WithoutFields_IsAllPromptWithDefaults()
    {
        GenerationParameters p = GenerationParameters.Parse("a cat\nSteps: 20, Seed: 5");
        Assert.Equal("a cat\nSteps: 20, Seed: 5", p.Prompt);
        Assert.Equal((null, null, 1, "GPU", "Automatic"), (p.Steps, p.Seed, p.ClipSkip, p.Rng, p.ScheduleType));
        Assert.Empty(p.Fields);
        Assert.Equal("", GenerationParameters.Parse("").Prompt);
    }

    [Theory]
    [InlineData("Steps: 20, Sampler: Euler a, Seed: 1", "Steps=20|Sampler=Euler a|Seed=1")]
    [InlineData("a, - Steps: 20,Sampler:Euler a,Seed:   1 ", "Steps=20|Sampler=Euler a|Seed=1")]
    [InlineData("x: 1, ab: 2, cd: 3, ef: 4", "ab=2|cd=3|ef=4")]
    [InlineData("ab: \"q, \\\"r\\\"\\n\", cd: \"\", ef: \"x\" y", "ab=q, \"r\"\n|cd=|ef=\"x\" y")]
    [InlineData("ab: , cd: 3, ef: 4", "cd=3|ef=4")]
    [InlineData("ab: 1, ab: 2, cd: 3", "ab=2|cd=3")]
    [InlineData("ab: \"bad \\q escape\", cd: 3, ef: 4", "ab=\"bad \\q escape\"|cd=3|ef=4")]
    [InlineData("ab: \"open, cd: 3, ef: 4", "ab=\"open|cd=3|ef=4")]
    [InlineData("Größe/x-y: 1, cd: 3, ef: 4", "Größe/x-y=1|cd=3|ef=4")]
    public void Parse_LastLine_FollowsA1111sExpression(string line, string expected)
    {
        GenerationParameters p = GenerationParameters.Parse("prompt\n" + line);
        Assert.Equal("prompt", p.Prompt);
        Assert.Equal(expected, string.Join('|', p.Fields.Select(field => $"{field.Key}={field.Value}")));
    }

    [Fact]
    public void Build_FieldsInAnyOrder_ComeInA1111sOrder()
    {
        var p = new GenerationParameters(
            "p", "",
            [new(
            "Version", "v1"), new("Hires steps", "5"), new("Seed", "1"), new("Eta", "0"), new("Steps", "20"), new("Model", "a, b"), new("Tiling", "Tiling")]);
        Assert.Equal("p\nSteps: 20, Seed: 1, Model: \"a, b\", Tiling, Hires steps: 5, Eta: 0, Version: v1", p.ToString());
        Assert.Equal("p\nSteps: 25, Seed: 1, Tiling, Hires steps: 5, Eta: 0, Version: v1", p.With("Steps", "25").With("Model", null).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData(" ab")]
    [InlineData("a:b")]
    [InlineData("a,b")]
    [InlineData("a\nb")]
    public void Build_KeyThatCannotBeRead_IsRefused(string key) =>
        Assert.Throws<ArgumentException>(() => new GenerationParameters("", "", [new(key, "1")]));

    [Fact]
    public void HashList_Names_LoseColonsAndCommas() =>
        Assert.Equal("ab: 1, c: 2", HashList.Format([new("a:,b", "1"), new("c", "2")]));

    // What A1111 cannot tell apart (outer blanks of lines, lines that look like marks) is kept out; values may be anything.
    [Fact]
    public void RoundTrip_AnyPromptAndValues_IsLossless()
    {
        Gen<string> line = Gen.String[Gen.Char["abc ,:\"\\()<>|{}éñ山🌲\t"], 0, 30].Select(s => s.Trim());
        Gen<string> prompt = line.Array[0, 4].Select(lines => string.Join('\n', lines).Trim());
        Gen<string> value = Gen.OneOf(Gen.String[Gen.Char["ab1 ,:\"\\\n\r\t\u0001é山"], 0, 12], Gen.String[0, 8].Where(s => !s.Any(char.IsSurrogate)));
        Gen<string> key = Gen.String[Gen.Char["abXY 09-/_"], 1, 10].Select(s => "k" + s.TrimEnd(' '))
            .Where(s => s.Length > 1);
        Gen.Select(prompt, prompt, Gen.Select(key, value).Array[0, 8]).Sample(
            (p, n, pairs) =>
            {
                KeyValuePair<string, string>[] fields =
                    [new("Steps", "20"), new("Sampler", "Euler a"), new(
                    "Seed", "1"), .. pairs.Where(pair => pair.Item1 != pair.Item2).Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2))];
                var made = new GenerationParameters(p, n, fields);
                GenerationParameters read = GenerationParameters.Parse(made.ToString());
                return read.Prompt == p && read.NegativePrompt == n && read.Fields.SequenceEqual(made.Fields) && read.ToString() == made.ToString();
            },
            iter: 5000,
            threads: 1);
    }
}
