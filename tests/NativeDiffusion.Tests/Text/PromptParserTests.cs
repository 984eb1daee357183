using NativeDiffusion.Text;
using NativeDiffusion.Verification;
using Xunit;

namespace NativeDiffusion.Tests.Text;

public sealed class PromptParserTests
{
    [Fact]
    public void Grammar_Goldens_AreEqual() => GoldenCases.AllPass(new PromptsCheck(), "prompts-a1111.json");

    [Theory]
    [InlineData("(a:1.2.3)", "a:1.2.3", 1.1)]
    [InlineData("(a:.)", "a:.", 1.1)]
    [InlineData("(a:１.５)", "a", 1.5)]
    [InlineData("(a:\u0661)", "a", 1.0)]
    [InlineData("(a:\u001C2\u0085)", "a", 2.0)]
    public void ParseAttention_OddNumbers_NeverFail(string prompt, string text, double weight)
    {
        PromptPart part = Assert.Single(PromptParser.ParseAttention(prompt));
        Assert.Equal(text, part.Text);
        Assert.Equal(weight, part.Weight, 1e-12);
    }

    [Fact]
    public void ParseAttention_CrossingBrackets_CountApart()
    {
        IReadOnlyList<PromptPart> parts = PromptParser.ParseAttention("(a[b)c]d");
        Assert.Equal(["a", "b", "c", "d"], parts.Select(part => part.Text));
        Assert.Equal([1.1, 1.1 * (1 / 1.1), 1 / 1.1, 1], parts.Select(part => part.Weight));
    }

    [Theory]
    [InlineData("BREAK", true)]
    [InlineData("a BREAK b", true)]
    [InlineData("a_BREAK b", false)]
    [InlineData("\U0001D400BREAK", false)]
    [InlineData("(a BREAK b)", false)]
    public void ParseAttention_Break_IsAWordOfWeightMinusOne(string prompt, bool expected)
    {
        Assert.Equal(expected, PromptParser.ParseAttention(prompt).Any(part => part.IsBreak));
    }

    [Theory]
    [InlineData("a [b:1.5] c", 10, 10, "5:a  c|10:a b c")]
    [InlineData("a [b:.5] c", 10, 10, "10:a b c")]
    [InlineData("[a:b:13]", 10, 10, "3:a|10:b")]
    [InlineData("[a:b:13]", 10, null, "10:a")]
    [InlineData("[a:b:-1]", 10, null, "10:b")]
    [InlineData("[a:b:1e400]", 10, null, "10:a")]
    [InlineData("[a:b:2e-1]", 10, null, "10:b")]
    [InlineData("[a:b:2.e-1]", 10, null, "2:a|10:b")]
    [InlineData("[a:b:\t3\u3000]", 10, null, "3:a|10:b")]
    [InlineData("sea [fog:rain:0.5] at [noon|night]", 4, null, "1:sea fog at noon|2:sea fog at night|3:sea rain at noon|4:sea rain at night")]
    [InlineData("[[a|b]:c:2]", 4, null, "1:a|2:b|3:c|4:c")]
    [InlineData("a | b", 4, null, "4:a | b")]
    [InlineData("[a|b", 4, null, "4:[a|b")]
    [InlineData("[a:b:2]\\", 4, null, "4:[a:b:2]\\")]
    public void Schedule_WhenAndPasses_AreRead(string prompt, int steps, int? hiresSteps, string expected)
    {
        PromptSchedule schedule = PromptSchedule.Parse(prompt, steps, hiresSteps);
        Assert.Equal(expected, string.Join('|', schedule.Entries.Select(entry => $"{entry.EndStep}:{entry.Text}")));
    }

    [Fact]
    public void Schedule_OldTimelines_ReadNumbersByTheirSize()
    {
        Assert.Equal([5, 10], PromptSchedule.Parse("[a:b:5.0]", 10, oldTimelines: true).Entries.Select(entry => entry.EndStep));
        Assert.Equal([5, 10], PromptSchedule.Parse("[a:b:5e-1]", 10, oldTimelines: true).Entries.Select(entry => entry.EndStep));
        Assert.Equal([10], PromptSchedule.Parse("[a:b:5.0]", 10).Entries.Select(entry => entry.EndStep));
    }

    [Fact]
    public void Schedule_EntryAt_CountsEvaluationsFromZero()
    {
        PromptSchedule schedule = PromptSchedule.Parse("sea [fog:3]", 10);
        Assert.Equal("sea ", schedule.EntryAt(3).Text);
        Assert.Equal("sea fog", schedule.EntryAt(4).Text);
    }

    [Fact]
    public void CutExtraNetworks_LoraForms_AreTyped()
    {
        PromptWithNetworks cut = PromptParser.CutExtraNetworks("a <lora:fine:0.5> b<lora:x:1:0.25:8><lora:y:unet=2:te=-1> <hypernet:h> <a b:c> <:d> <e:>");
        Assert.Equal("a  b  <a b:c> <:d> <e:>", cut.Prompt);
        Assert.Equal(["lora", "lora", "lora", "hypernet"], cut.Networks.Select(network => network.Kind));
        Assert.Equal(new LoraReference("fine", 0.5, 0.5, null), LoraReference.From(cut.Networks[0]));
        Assert.Equal(new LoraReference("x", 1, 0.25, 8), LoraReference.From(cut.Networks[1]));
        Assert.Equal(new LoraReference("y", -1, 2, null), LoraReference.From(cut.Networks[2]));
        Assert.Throws<ArgumentException>(() => LoraReference.From(cut.Networks[3]));
    }

    [Theory]
    [InlineData("<lora:a:b>", "\"b\"")]
    [InlineData("<lora::1>", "no file")]
    [InlineData("<lora:a:1:1:0.5>", "whole number")]
    [InlineData("<lora:a:NaN>", "NaN")]
    public void LoraReference_BadArguments_SaySo(string prompt, string expected)
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(() => LoraReference.From(PromptParser.CutExtraNetworks(prompt).Networks[0]));
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tree # tall", "tree \n")]
    [InlineData("tree\n# all of it\nsea", "tree\nsea")]
    [InlineData("# a\n# b\nsea", "\n\nsea")]
    [InlineData("tree, sea", "tree, sea")]
    public void StripComments_HashToEndOfLine_IsTakenOut(string prompt, string expected)
    {
        Assert.Equal(expected, PromptParser.StripComments(prompt));
    }
}
