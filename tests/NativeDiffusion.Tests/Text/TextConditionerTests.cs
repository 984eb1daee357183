using NativeDiffusion.Tensors;
using NativeDiffusion.Text;
using Xunit;

namespace NativeDiffusion.Tests.Text;

public sealed class TextConditionerTests
{
    private static readonly ClipTokenizer s_clip = ClipTokenizer.CreateDefault();
    private static readonly int s_tree = s_clip.Encode("tree")[0];

    [Fact]
    public void Encode_And_WeighsAndFillsTheShorterWithItsLastState()
    {
        PromptConditioning made = Conditioner().Encode("tree :0.5 AND tree BREAK tree :-2", 10);
        Assert.Equal([0.5, -2], made.SubPrompts.Select(part => part.Weight));
        Assert.Equal(154, made.Tokens);
        IReadOnlyList<WeightedStates> states = made.At(0);
        Assert.All(states, part => Assert.Equal(new TensorShape(1, 154, 4), part.States.Shape));
        Assert.Equal(76, states[0].States.Data[(153 * 4) + 1]);
        Assert.Equal(s_tree, states[1].States.Data[78 * 4]);
    }

    [Fact]
    public void EncodeNegative_And_IsAWord()
    {
        PromptConditioning made = Conditioner().EncodeNegative("tree AND tree", 10);
        Assert.Equal(3, made.TokenCount);
        Assert.Equal(1, Assert.Single(made.SubPrompts).Weight);
    }

    [Fact]
    public void Encode_EditedPrompt_SharesEqualTexts()
    {
        var encoder = new FakeTextEncoder();
        PromptConditioning made = new TextConditioner(s_clip, encoder).Encode("[tree|sea]", 20);
        Assert.Equal(20, made.SubPrompts[0].Schedule.Count);
        Assert.Equal(2, made.SubPrompts[0].Schedule.Select(entry => entry.States).Distinct().Count());
        Assert.Equal(2, encoder.Runs);
        Assert.False(made.IsConstant);
        Assert.Equal(s_tree, made.At(0)[0].States.Data[4]);
        Assert.Equal(s_tree, made.At(1)[0].States.Data[4]);
        Assert.NotEqual(s_tree, made.At(2)[0].States.Data[4]);
        Assert.True(Conditioner().Encode("tree", 20).IsConstant);
    }

    /// <summary>Weights of one text of a schedule change the mean of the batch, so the other text is scaled too.</summary>
    [Fact]
    public void Encode_WeightsInASchedule_ScaleAllTextsOfIt()
    {
        Tensor plain = Conditioner().Encode("tree", 10).At(0)[0].States;
        Tensor scaled = Conditioner().Encode("[tree:(sea:3):5]", 10).At(0)[0].States;
        float factor = scaled.Data[3] / plain.Data[3];
        Assert.InRange(factor, 0.9f, 0.9999f);
        for (int i = 0; i < plain.Data.Length; i++) Assert.Equal(plain.Data[i] * factor, scaled.Data[i], 1e-5f * Math.Abs(plain.Data[i]));
    }

    [Theory]
    [InlineData(EmphasisMode.Original)]
    [InlineData(EmphasisMode.NoNorm)]
    [InlineData(EmphasisMode.Ignore)]
    public void EncodeText_Emphasis_DoesWhatItsNameSays(EmphasisMode mode)
    {
        Tensor plain = Conditioner().EncodeText("tree sea").At(0)[0].States;
        Tensor weighted = Conditioner(new TextConditionerOptions { Emphasis = mode }).EncodeText("tree (sea:2)").At(0)[0].States;
        double sum = plain.Data.Sum(value => (double)value);
        double doubled = sum + plain.Data.AsSpan(8, 4).ToArray().Sum(value => (double)value);
        double scale = mode == EmphasisMode.Original ? sum / doubled : 1;
        Assert.Equal(plain.Data[4] * scale, weighted.Data[4], 0.5);
        Assert.Equal(plain.Data[8] * scale * (mode == EmphasisMode.Ignore ? 1 : 2), weighted.Data[8], 0.5);
    }

    [Fact]
    public void EncodeText_AllWeightsZero_StaysFinite()
    {
        Assert.All(Conditioner().EncodeText("(tree:0)").At(0)[0].States.Data, value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void Match_Shorter_GetsEmptyChunks()
    {
        TextConditioner conditioner = Conditioner();
        (PromptConditioning first, PromptConditioning second) = conditioner.Match(
            conditioner.Encode("[tree:sea:5]", 10), conditioner.EncodeNegative("a BREAK b BREAK c", 10));
        Assert.Equal(231, first.Tokens);
        Assert.Equal(231, second.Tokens);
        Tensor states = first.At(0)[0].States;
        Assert.Equal(s_tree, states.Data[4]);
        Assert.Equal([s_clip.BeginId, s_clip.EndId], [states.Data[77 * 4], states.Data[78 * 4]]);
        Assert.Same(first.SubPrompts[0].Schedule[0].States, first.At(0)[0].States);
    }

    [Fact]
    public void Plain_LongPrompt_IsCutAndSaysWhat()
    {
        var options = new TextConditionerOptions { Style = PromptStyle.Plain, SkippedLayers = 1 };
        PromptConditioning made = Conditioner(options).Encode(string.Concat(Enumerable.Repeat("tree ", 75)) + "(sea:2) AND night", 10);
        Assert.Equal(77, made.Tokens);
        Assert.Equal(82, made.TokenCount);
        Assert.Equal("( sea : 2 ) and night", made.Truncated);
        Assert.Equal(1, made.At(0)[0].States.Data[2]);
        Assert.Equal(0, Conditioner(options).EncodeNegative("tree", 10).At(0)[0].States.Data[2]);
        Assert.Null(Conditioner(options).Encode("tree", 10).Truncated);
    }

    [Theory]
    [InlineData(PromptStyle.A1111, "a fog tree")]
    [InlineData(PromptStyle.Plain, "a fog tree")]
    [InlineData(PromptStyle.Comfy, "a embedding:fog.pt, tree")]
    public void Encode_LearnedWord_TakesItsVectors(PromptStyle style, string prompt)
    {
        var options = new TextConditionerOptions { Style = style, Embeddings = [PromptChunkerTests.Word("fog", 3, 100)] };
        PromptConditioning made = Conditioner(options).Encode(prompt, 10);
        float[] states = made.At(0)[0].States.Data;
        Assert.Equal([-100, -101, -102], [states[8], states[12], states[16]]);
        Assert.Equal(["fog"], made.UsedEmbeddings);
    }

    [Fact]
    public void Encode_LearnedWordOfAnotherWidth_SaysSo()
    {
        var options = new TextConditionerOptions { Embeddings = [new TextualInversion("fog", new Tensor(new TensorShape(1, 5)))] };
        Assert.Contains("another model", Assert.Throws<ArgumentException>(() => Conditioner(options).Encode("fog", 10)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Comfy_Weights_LengthenTheWayFromTheEmptyText()
    {
        var options = new TextConditionerOptions { Style = PromptStyle.Comfy };
        float[] states = Conditioner(options).Encode("((tree:1.5):2) [sea] \\(x\\)", 10).At(0)[0].States.Data;
        // The inner weight replaces the outer one; state = empty + 1.5 (word - empty), the empty text's second token being the end token.
        Assert.Equal(s_clip.EndId + (1.5f * (s_tree - s_clip.EndId)), states[4], 0.01f);
        Assert.Equal(s_clip.Encode("[")[0], states[8]);
    }

    [Fact]
    public void Comfy_ShortWordAtTheEnd_DoesNotStraddle()
    {
        var options = new TextConditionerOptions { Style = PromptStyle.Comfy };
        PromptConditioning made = Conditioner(options).Encode(string.Concat(Enumerable.Repeat("tree ", 74)) + "zqxjkv", 10);
        Assert.InRange(s_clip.Count("zqxjkv"), 2, 7);
        Assert.Equal(154, made.Tokens);
        Assert.Equal(s_clip.EndId, made.At(0)[0].States.Data[75 * 4]);
    }

    [Fact]
    public void FromStates_ForeignStates_HoldForTheWholeRun()
    {
        var states = new Tensor(new TensorShape(1, 77, 4));
        Assert.Same(states, PromptConditioning.FromStates(states).At(999)[0].States);
        Assert.Throws<ArgumentException>(() => PromptConditioning.FromStates(new Tensor(new TensorShape(77, 4))));
    }

    [Fact]
    public void Encode_Cancelled_Ends()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => Conditioner().Encode("tree", 10, cancellationToken: source.Token));
    }

    private static TextConditioner Conditioner(TextConditionerOptions? options = null) => new(s_clip, new FakeTextEncoder(), options);
}
