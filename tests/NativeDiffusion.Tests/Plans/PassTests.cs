using NativeDiffusion.Cpu.Device;
using NativeDiffusion.Plans;
using NativeDiffusion.Tensors;
using NativeDiffusion.Tests.Support;
using NativeDiffusion.Verification;
using NativeDiffusion.Weights;
using Xunit;

namespace NativeDiffusion.Tests.Plans;

/// <summary>The fusions of each pass, and cases that it must not change.</summary>
public sealed class PassTests
{
    private static readonly WeightScope s_weights = new(new RecipeWeights("passes."));
    private static readonly DeviceCapabilities s_all = CpuDevice.Capabilities with { ProductStatistics = true };
    private readonly PlanBuilder _ops = new();

    [Fact]
    public void Build_CalledAgain_GivesTheGraphSoFar()
    {
        PlanTensor x = Tokens();
        _ops.Output("x2", _ops.Add(x, x));
        Graph first = _ops.Build();
        _ops.Output("x4", _ops.Add(x, Linear(x)));
        Graph second = _ops.Build();
        Assert.Equal(["x2"], first.Outputs.Select(output => output.Name));
        Assert.Equal(["x2", "x4"], second.Outputs.Select(output => output.Name));
        Assert.Single(first.Operations);
    }

    [Fact]
    public void RemoveUnread_OperationsWithoutAReader_Go()
    {
        PlanTensor x = Tokens();
        Linear(Linear(x));
        _ops.Output("out", Linear(x));
        Assert.Single(RemoveUnread.Apply(_ops.Build(), DeviceCapabilities.None).Operations);
    }

    [Theory]
    [CombinatorialData]
    public void JoinEpilogues_Activation_JoinsWhereTheDeviceHasIt(Activation activation)
    {
        Assert.SkipWhen(activation == Activation.None, "The identity is no operation.");
        _ops.Output("out", _ops.Activate(Linear(Tokens()), activation));
        Graph graph = _ops.Build();
        GemmOperation joined = Assert.IsType<GemmOperation>(Assert.Single(JoinEpilogues.Apply(graph, s_all).Operations));
        Assert.Equal(activation, joined.Activation);
        DeviceCapabilities without = s_all with { EpilogueActivations = s_all.EpilogueActivations.Remove(activation) };
        Assert.Equal(2, JoinEpilogues.Apply(graph, without).Operations.Length);
    }

    [Fact]
    public void JoinEpilogues_ValueReadTwiceOrTapped_StaysApart()
    {
        PlanTensor y = Linear(Tokens());
        _ops.Output("out", _ops.Activate(y, Activation.Silu));
        _ops.Output("y", y);
        Assert.Equal(2, JoinEpilogues.Apply(_ops.Build(), s_all).Operations.Length);
    }

    [Fact]
    public void JoinEpilogues_RowASample_IsAnImageBias()
    {
        PlanInput<float> row = _ops.Input("row", new TensorShape(2, 8));
        _ops.Output("out", _ops.Activate(_ops.Add(Conv(Picture(), 8, 3), row.Value), Activation.Silu));
        GemmOperation joined = Assert.IsType<GemmOperation>(Assert.Single(JoinEpilogues.Apply(_ops.Build(), s_all).Operations));
        Assert.Equal((row.Value, Activation.Silu), (joined.ImageBias, joined.Activation));
    }

    [Theory]
    [InlineData(2, true, 1)]
    [InlineData(1, true, 3)]
    [InlineData(2, false, 3)]
    public void JoinShortcuts_ByCapabilities_OneProductOrThreeOperations(int segments, bool mixed, int expected)
    {
        PlanTensor x = Picture();
        _ops.Output("out", _ops.Add(Conv(x, 6, 1), Conv(x, 6, 3)));
        DeviceCapabilities capabilities = s_all with { SegmentsPerProduct = segments, MixedWindows = mixed };
        Graph joined = JoinShortcuts.Apply(_ops.Build(), capabilities);
        Assert.Equal(expected, joined.Operations.Length);
        if (expected == 1) Assert.Equal([3, 1], ((GemmOperation)joined.Operations[0]).Segments.Select(segment => segment.Window.Kernel));
    }

    [Fact]
    public void JoinResiduals_SumOfAProduct_IsItsEpilogue()
    {
        PlanTensor x = Tokens();
        _ops.Output("out", _ops.Add(Linear(x), x));
        GemmOperation joined = Assert.IsType<GemmOperation>(Assert.Single(JoinResiduals.Apply(_ops.Build(), s_all).Operations));
        Assert.Equal(x, joined.Residual);
    }

    [Fact]
    public void JoinProjections_SelfAndCrossAttention_ThreeAndTwo()
    {
        PlanTensor x = Tokens(), context = _ops.Input("context", new TensorShape(2, 5, 8)).Value;
        _ops.Output("self", _ops.Attention(Linear(x), Linear(x), Linear(x), 2));
        _ops.Output("cross", _ops.Attention(Linear(x), Linear(context), Linear(context), 2));
        Graph joined = JoinProjections.Apply(_ops.Build(), s_all);
        Assert.Equal([3, 1, 2], joined.Operations.OfType<GemmOperation>().Select(product => product.Segments[0].Weights.Length).Order().Reverse()
            .OrderBy(count => count == 1 ? 1 : count == 3 ? 0 : 2));
        AttentionOperation[] attentions = [.. joined.Operations.OfType<AttentionOperation>()];
        Assert.Equal([0, 8, 16], new[] { attentions[0].Query, attentions[0].Key, attentions[0].Value }.Select(value => value.FirstChannel));
        Assert.Equal(24, attentions[0].Key.RowStride);
        Assert.Equal([0, 0, 8], new[] { attentions[1].Query, attentions[1].Key, attentions[1].Value }.Select(value => value.FirstChannel));
    }

    [Fact]
    public void JoinProjections_TheGraphBefore_StaysAsItWas()
    {
        PlanTensor x = Tokens();
        _ops.Output("self", _ops.Attention(Linear(x), Linear(x), Linear(x), 2));
        Graph graph = _ops.Build();
        JoinProjections.Apply(graph, s_all);
        Assert.All(graph.Operations.OfType<AttentionOperation>(), attention => Assert.Equal(8, attention.Query.RowStride));
        Assert.Equal(4, graph.Operations.Length);
    }

    [Fact]
    public void JoinTimeProjections_OfTheUNet_AreOneProduct()
    {
        Graph graph = Lowering.Lower(GoldenGraphs.Of("sd15 unet"), s_all);
        GemmOperation joined = Assert.Single(graph.Operations.OfType<GemmOperation>(), product => product.Segments[0].Weights.Length == 22);
        GemmOperation[] readers = [.. graph.Operations.OfType<GemmOperation>().Where(product => product.ImageBias is not null)];
        Assert.Equal(22, readers.Length);
        Assert.All(readers, product => Assert.Equal(joined.Output, product.ImageBias!.Root));
        Assert.Equal(22, readers.Select(product => product.ImageBias!.FirstChannel).Distinct().Count());
    }

    [Theory]
    [InlineData(2, true, 0)]
    [InlineData(1, true, 1)]
    [InlineData(2, false, 1)]
    public void ResolveConcat_ByCapabilities_ConcatGoesOrStays(int segments, bool norms, int expected)
    {
        PlanTensor both = _ops.ConcatChannels(Picture("a"), Picture("b"));
        _ops.Output("conv", Conv(both, 6, 3));
        _ops.Output("norm", _ops.GroupNorm(both, s_weights.Get("norm.weight", 16), s_weights.Get("norm.bias", 16), 4, 1e-5f));
        DeviceCapabilities capabilities = s_all with { SegmentsPerProduct = segments, TwoSourceNorms = norms };
        Graph resolved = RemoveUnread.Apply(ResolveConcat.Apply(_ops.Build(), capabilities), capabilities);
        Assert.Equal(expected, resolved.Operations.Count(operation => operation is ConcatChannelsOperation));
        if (segments == 2) Assert.Equal([0, 8], resolved.Operations.OfType<GemmOperation>().Single().Segments.Select(segment => segment.Weights[0].FirstInput));
    }

    [Theory]
    [CombinatorialData]
    public void ResolveUpsampling_ByCapability_UpsamplingGoesOrStays(bool isVirtual)
    {
        PlanTensor x = Picture();
        _ops.Output("out", Conv(_ops.UpsampleNearest(x, 12, 18), 6, 3));
        DeviceCapabilities capabilities = s_all with { VirtualUpsampling = isVirtual };
        Graph resolved = RemoveUnread.Apply(ResolveUpsampling.Apply(_ops.Build(), capabilities), capabilities);
        Assert.Equal(isVirtual ? 1 : 2, resolved.Operations.Length);
        MatrixSegment segment = resolved.Operations.OfType<GemmOperation>().Single().Segments[0];
        Assert.Equal((12, 18), (segment.Window.VirtualHeight, segment.Window.VirtualWidth));
        Assert.Equal(isVirtual, segment.Source == x);
    }

    [Fact]
    public void JoinStatistics_NormOfAProduct_ReadsItsSecondOutput()
    {
        PlanTensor y = Conv(Picture(), 8, 3);
        _ops.Output("out", _ops.GroupNorm(y, s_weights.Get("n.weight", 8), s_weights.Get("n.bias", 8), 4, 1e-5f));
        Graph joined = JoinStatistics.Apply(_ops.Build(), s_all);
        GemmOperation product = joined.Operations.OfType<GemmOperation>().Single();
        Assert.Equal(new TensorShape(2, 8), product.Statistics!.Shape);
        Assert.Equal(product.Statistics, joined.Operations.OfType<GroupNormOperation>().Single().Statistics);
        Assert.Equal([y, product.Statistics], product.Outputs);
    }

    [Fact]
    public void NormStatistics_ReportedAndGiven_AreOutputsAndInputsInOrder()
    {
        PlanTensor x = Picture(), norm = Norm(x);
        _ops.Output("out", Norm(norm));
        Graph graph = _ops.Build();
        (Graph reported, var outputs) = NormStatistics.Reported(graph);
        Assert.Equal(["norm.0", "norm.1"], outputs.Select(output => output.Name));
        Assert.Equal([x, norm], reported.Operations.OfType<GroupStatisticsOperation>().Select(operation => operation.X));
        (Graph given, var inputs) = NormStatistics.Given(graph);
        Assert.Equal(["x", "norm.0", "norm.1"], given.Inputs.Select(input => input.Name));
        Assert.Equal(inputs.Select(input => input.Value), given.Operations.OfType<GroupNormOperation>().Select(operation => operation.Statistics));
        Assert.All(graph.Operations.OfType<GroupNormOperation>(), operation => Assert.Null(operation.Statistics));

        PlanTensor Norm(PlanTensor value) => _ops.GroupNorm(value, s_weights.Get("n.weight", 8), s_weights.Get("n.bias", 8), 4, 1e-5f);
    }

    [Fact]
    public void Lower_SmallUNet_JoinsEverythingThatCanBeJoined()
    {
        Graph graph = Lowering.Lower(SmallUNet.Graph(1, 8, 8).Graph, CpuDevice.Capabilities);
        Assert.DoesNotContain(
            graph.Operations, operation => operation is AddOperation or ActivateOperation or ConcatChannelsOperation or UpsampleNearestOperation);
        // Two resnets per level of the up path and the shortcuts of all that change width.
        Assert.Contains(graph.Operations.OfType<GemmOperation>(), product => product.Segments.Length == 3);
        Assert.Contains(graph.Operations.OfType<GroupNormOperation>(), norm => norm.X2 is not null);
    }

    [Fact]
    public void Record_ShapesThatDoNotFit_AreRefusedWithTheName()
    {
        PlanTensor x = Picture();
        Parameter weight = s_weights.Get("conv.weight", 6, 5, 3, 3);
        Assert.Contains("conv.weight", Assert.Throws<ArgumentException>(() => _ops.Conv2d(x, weight, null, 1, 1)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => _ops.GroupNorm(x, s_weights.Get("n.weight", 8), s_weights.Get("n.bias", 8), 3, 1e-5f));
        Assert.Throws<ArgumentException>(() => _ops.Input("x", new TensorShape(1)));
        Assert.Throws<ArgumentException>(() => PlanBuilder.Reshape(x, new TensorShape(1, 107, 8)));
        Assert.Contains("norm", Assert.Throws<ArgumentException>(() => _ops.Build().Output("norm.0")).Message, StringComparison.Ordinal);
    }

    private PlanTensor Tokens() => _ops.Input("x", new TensorShape(2, 3, 8)).Value;

    private PlanTensor Picture(string name = "x") => _ops.Input(name, new TensorShape(2, 8, 6, 9)).Value;

    private PlanTensor Linear(PlanTensor x) => _ops.Linear(x, s_weights.Get("linear.weight", 8, 8), s_weights.Get("linear.bias", 8));

    private PlanTensor Conv(PlanTensor x, int outputs, int kernel) => _ops.Conv2d(
        x, s_weights.Get($"conv{kernel}.weight", outputs, x.Channels, kernel, kernel), s_weights.Get("conv.bias", outputs), 1, kernel / 2);
}
