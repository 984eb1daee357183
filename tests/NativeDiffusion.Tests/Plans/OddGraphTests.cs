using NativeDiffusion.Cpu.Device;
using NativeDiffusion.Devices;
using NativeDiffusion.Plans;
using NativeDiffusion.Tensors;
using NativeDiffusion.Verification;
using NativeDiffusion.Weights;
using Xunit;

namespace NativeDiffusion.Tests.Plans;

/// <summary>Graphs that no model of ours records, but the builder accepts: every capability on and all of them off give the same numbers.</summary>
public sealed class OddGraphTests
{
    private static readonly WeightScope s_weights = new(new RecipeWeights("odd."));

    private static readonly Dictionary<string, Func<PlanBuilder, PlanTensor>> s_graphs = new()
    {
        ["activation of a reshaped convolution"] = ops =>
            ops.Activate(PlanBuilder.Reshape(Conv(ops, Picture(ops), 8, 3), new TensorShape(2, 20, 8)), Activation.Silu),
        ["activation of a convolution, batch folded"] = ops =>
            ops.Activate(PlanBuilder.Reshape(Conv(ops, Picture(ops), 8, 3), new TensorShape(1, 8, 5, 8)), Activation.Silu),
        ["residual of a reshaped convolution"] = ops =>
        {
            PlanTensor y = PlanBuilder.Reshape(Conv(ops, Picture(ops), 8, 3), new TensorShape(2, 20, 8));
            return ops.Add(y, ops.Input("r", new TensorShape(2, 20, 8)).Value);
        },
        ["shortcut of a reshaped convolution"] = ops =>
        {
            PlanTensor y = PlanBuilder.Reshape(Conv(ops, Picture(ops), 8, 3), new TensorShape(2, 20, 8));
            return ops.Add(y, Linear(ops, ops.Input("r", new TensorShape(2, 20, 6)).Value, 8));
        },
        ["row a sample on a reshaped product"] = ops =>
        {
            PlanTensor y = Linear(ops, ops.Input("t", new TensorShape(2, 6, 8)).Value, 8);
            y = ops.Add(y, ops.Input("row", new TensorShape(2, 8)).Value);
            return ops.Activate(PlanBuilder.Reshape(y, new TensorShape(4, 3, 8)), Activation.Silu);
        },
        ["row a folded sample"] = ops =>
        {
            PlanTensor y = Linear(ops, ops.Input("t", new TensorShape(2, 6, 8)).Value, 8);
            return ops.Add(PlanBuilder.Reshape(y, new TensorShape(4, 3, 8)), ops.Input("row", new TensorShape(4, 8)).Value);
        },
        ["row a sample, then GEGLU"] = ops =>
        {
            PlanTensor y = Linear(ops, ops.Input("t", new TensorShape(2, 6, 8)).Value, 80);
            return ops.Activate(ops.Add(y, ops.Input("row", new TensorShape(2, 80)).Value), Activation.GeGlu);
        },
        ["GEGLU of two channels"] = ops => ops.Activate(Linear(ops, ops.Input("t", new TensorShape(2, 6, 3)).Value, 2), Activation.GeGlu),
        ["GEGLU of 66"] = ops => ops.Activate(Linear(ops, ops.Input("t", new TensorShape(1, 1, 5)).Value, 66), Activation.GeGlu),
        ["GEGLU with a shortcut and a residual"] = ops =>
        {
            PlanTensor t = ops.Input("t", new TensorShape(2, 6, 35)).Value;
            return ops.Add(t, ops.Activate(ops.Add(Linear(ops, t, 70), Linear(ops, t, 70)), Activation.GeGlu));
        },
        ["GEGLU of a convolution over a concatenation"] = ops =>
            ops.Activate(Conv(ops, ops.ConcatChannels(Picture(ops), Picture(ops, "p2")), 34, 3), Activation.GeGlu),
        ["sum with itself"] = ops =>
        {
            PlanTensor y = Conv(ops, Picture(ops), 8, 3);
            return ops.Add(y, y);
        },
        ["sum of two views of one"] = ops =>
        {
            PlanTensor y = Linear(ops, ops.Input("t", new TensorShape(2, 6, 8)).Value, 8);
            return ops.Add(PlanBuilder.Reshape(y, new TensorShape(12, 8)), PlanBuilder.Reshape(y, new TensorShape(12, 8)));
        },
        ["residual is the source"] = ops =>
        {
            PlanTensor t = Linear(ops, ops.Input("t", new TensorShape(2, 6, 8)).Value, 8);
            return ops.Add(Linear(ops, t, 8), t);
        },
        ["1x1 stride 2 behind upsampling"] = ops => Conv(ops, ops.UpsampleNearest(Picture(ops), 8, 10), 8, 1, 2),
        ["3x3 stride 2 behind upsampling"] = ops => Conv(ops, ops.UpsampleNearest(Picture(ops), 8, 10), 8, 3, 2),
        ["1x1 behind upsampling"] = ops => Conv(ops, ops.UpsampleNearest(Picture(ops), 8, 10), 8, 1),
        ["linear behind upsampling"] = ops => Linear(ops, ops.UpsampleNearest(Picture(ops), 8, 10), 8),
        ["linear behind reshaped upsampling"] = ops => Linear(ops, PlanBuilder.Reshape(ops.UpsampleNearest(Picture(ops), 8, 10), new TensorShape(2, 80, 6)), 8),
        ["linear behind upsampling, reshaped and activated"] = ops =>
            ops.Activate(PlanBuilder.Reshape(Linear(ops, ops.UpsampleNearest(Picture(ops), 8, 10), 8), new TensorShape(2, 80, 8)), Activation.Silu),
        ["convolution without padding behind doubling"] = ops => Conv(ops, ops.UpsampleNearest(Picture(ops), 8, 10), 8, 3, 1, 0),
        ["convolution with a further row behind doubling"] = ops => Conv(ops, ops.UpsampleNearest(Picture(ops), 8, 10), 8, 3, 1, 0, 1),
        ["convolution with more rows behind doubling"] = ops => Conv(ops, ops.UpsampleNearest(Picture(ops), 8, 10), 8, 3, 1, 1, 1),
        ["behind odd upsampling"] = ops => Conv(ops, ops.UpsampleNearest(Picture(ops), 7, 13), 8, 3),
        ["behind shrinking"] = ops => Conv(ops, ops.UpsampleNearest(Picture(ops), 3, 2), 8, 3),
        ["upsampled twice"] = ops => Conv(ops, ops.UpsampleNearest(ops.UpsampleNearest(Picture(ops), 8, 10), 16, 20), 8, 3),
        ["upsampling with shortcut"] = ops =>
        {
            PlanTensor x = ops.UpsampleNearest(Picture(ops), 8, 10);
            return ops.Add(Conv(ops, x, 8, 3), Conv(ops, x, 8, 1));
        },
        ["upsampled concatenation of upsampled"] = ops =>
            Conv(ops, ops.ConcatChannels(ops.UpsampleNearest(Picture(ops), 8, 10), ops.Input("q", new TensorShape(2, 5, 8, 10)).Value), 8, 3),
        ["concatenation with upsampled"] = ops =>
            Conv(ops, ops.ConcatChannels(ops.Input("q", new TensorShape(2, 5, 8, 10)).Value, ops.UpsampleNearest(Picture(ops), 8, 10)), 8, 3),
        ["concatenation of upsampled and large"] = ops =>
            Conv(ops, ops.ConcatChannels(ops.UpsampleNearest(Large(ops, "p", 16), 32, 32), Large(ops, "q", 32)), 8, 3),
        ["concatenation of large and upsampled"] = ops =>
            Conv(ops, ops.ConcatChannels(Large(ops, "q", 32), ops.UpsampleNearest(Large(ops, "p", 16), 32, 32)), 8, 3),
        ["concatenation of few and many channels"] = ops =>
        {
            PlanTensor few = ops.Input("f", new TensorShape(1, 3, 32, 32)).Value;
            return ops.Add(Conv(ops, ops.ConcatChannels(few, Large(ops, "q", 32)), 8, 3), Conv(ops, Large(ops, "r", 32), 8, 1));
        },
        ["large without padding"] = ops => Conv(ops, Large(ops, "q", 33), 8, 3, 1, 0),
        ["large without padding, further row"] = ops => Conv(ops, Large(ops, "q", 33), 8, 3, 1, 0, 1),
        ["concatenation of concatenation"] = ops =>
        {
            PlanTensor inner = ops.ConcatChannels(Picture(ops), Picture(ops, "p2"));
            PlanTensor outer = ops.ConcatChannels(inner, ops.ConcatChannels(Picture(ops, "p3"), inner));
            return ops.Add(Conv(ops, outer, 8, 3), Conv(ops, inner, 8, 1));
        },
        ["concatenation with itself"] = ops =>
        {
            PlanTensor x = Picture(ops);
            return Conv(ops, ops.ConcatChannels(x, x), 8, 3);
        },
        ["norm of a concatenation, groups across the seam"] = ops =>
            ops.GroupNorm(ops.ConcatChannels(Picture(ops), ops.Input("q", new TensorShape(2, 2, 4, 5)).Value), Weight([8]), Weight([8]), 2, 1e-5f, true),
        ["attention reads a concatenation"] = ops =>
        {
            PlanTensor t = ops.ConcatChannels(ops.Input("a", new TensorShape(2, 6, 5)).Value, ops.Input("b", new TensorShape(2, 6, 3)).Value);
            return ops.Attention(t, Linear(ops, t, 8), Linear(ops, t, 8), 2);
        },
        ["attention of reshaped joined projections"] = ops =>
        {
            PlanTensor x = Picture(ops);
            PlanTensor Tokens(PlanTensor y) => PlanBuilder.Reshape(y, new TensorShape(2, 20, 8));
            return ops.Attention(Tokens(Conv(ops, x, 8, 1)), Tokens(Conv(ops, x, 8, 1)), Tokens(Linear(ops, x, 8)), 2);
        },
        ["attention of one projection to itself"] = ops =>
        {
            PlanTensor y = Linear(ops, ops.Input("t", new TensorShape(2, 6, 8)).Value, 8);
            return ops.Attention(y, y, y, 4);
        },
        ["attention, q without bias and also read"] = ops =>
        {
            PlanTensor t = ops.Input("t", new TensorShape(2, 6, 8)).Value;
            PlanTensor q = ops.Linear(t, Weight([8, 8]), null);
            return ops.Add(q, ops.Attention(q, ops.Linear(t, Weight([8, 8]), null), Linear(ops, t, 8), 1));
        },
        ["time projections of different widths"] = ops =>
        {
            PlanTensor t = ops.Input("time", new TensorShape(2, 6)).Value;
            PlanTensor a = ops.Add(Conv(ops, Picture(ops), 8, 3), Linear(ops, t, 8));
            PlanTensor b = ops.Add(Conv(ops, a, 12, 3), Linear(ops, t, 12));
            return ops.Add(Conv(ops, b, 5, 1), ops.Linear(t, Weight([5, 6]), null));
        },
        ["time projection on a sum"] = ops =>
        {
            PlanTensor t = ops.Input("time", new TensorShape(2, 6)).Value;
            PlanTensor x = Picture(ops);
            PlanTensor a = ops.Add(ops.Add(Conv(ops, x, 6, 3), x), Linear(ops, t, 6));
            return ops.Activate(ops.Add(Conv(ops, a, 6, 3), Linear(ops, t, 6)), Activation.Gelu);
        },
        ["one pixel"] = ops => Conv(ops, ops.Input("p", new TensorShape(3, 6, 1, 1)).Value, 8, 3),
        ["one pixel doubled"] = ops => Conv(ops, ops.UpsampleNearest(ops.Input("p", new TensorShape(3, 6, 1, 1)).Value, 2, 2), 8, 3),
        ["tokens of rank 2"] = ops => ops.Activate(Linear(ops, ops.Input("t", new TensorShape(3, 8)).Value, 20), Activation.GeGlu),
        ["statistics of a value read twice"] = ops =>
        {
            PlanTensor y = Conv(ops, Picture(ops), 8, 3);
            return ops.Add(ops.GroupNorm(y, Weight([8]), Weight([8]), 4, 1e-5f), ops.GroupNorm(y, Weight([8]), Weight([8]), 2, 1e-5f));
        },
    };

    private static readonly Dictionary<string, Func<PlanBuilder, object>> s_refused = new()
    {
        ["5x5 window"] = ops => Conv(ops, Picture(ops), 8, 5),
        ["1x3 window"] = ops => ops.Conv2d(Picture(ops), Weight([8, 6, 1, 3]), null, 1, 0),
        ["padded 1x1 window"] = ops => Conv(ops, Picture(ops), 8, 1, 1, 1),
        ["stride 0"] = ops => Conv(ops, Picture(ops), 8, 3, 0, 1),
        ["stride 3"] = ops => Conv(ops, Picture(ops), 8, 3, 3, 1),
        ["wide padding"] = ops => Conv(ops, Picture(ops), 8, 3, 1, 4),
        ["less below and to the right"] = ops => Conv(ops, Picture(ops), 8, 3, 1, 1, -1),
        ["linear layer over one row"] = ops => Linear(ops, ops.Input("t", new TensorShape(8)).Value, 8),
        ["keys of rank 2"] = ops =>
        {
            PlanTensor keys = ops.Input("k", new TensorShape(2, 8)).Value;
            return ops.Attention(ops.Input("q", new TensorShape(2, 3, 8)).Value, keys, keys, 2);
        },
        ["positions narrower than the table"] = ops =>
            ops.TokenEmbedding(ops.InputTokens("t", new TensorShape(1, 7)).Value, null, Weight([10, 16]), Weight([7, 4])),
        ["numbers as token ids"] = ops => ops.TokenEmbedding(ops.Input("t", new TensorShape(1, 7)).Value, null, Weight([10, 16]), Weight([7, 16])),
        ["token ids as numbers"] = ops => Linear(ops, ops.InputTokens("t", new TensorShape(1, 7)).Value, 8),
        ["token ids as output"] = ops => ops.Output("out", ops.InputTokens("t", new TensorShape(1, 7)).Value),
        ["a value of another builder"] = ops => Conv(ops, Picture(new PlanBuilder()), 8, 3),
        ["another builder's output"] = ops => ops.Output("out", Picture(new PlanBuilder())),
        ["an empty batch"] = ops => ops.Input("t", new TensorShape(0, 7)),
    };

    public static TheoryData<string> Graphs() => [.. s_graphs.Keys];

    [Theory]
    [MemberData(nameof(Graphs))]
    public void Run_AllCapabilitiesOrNone_SameNumbers(string name)
    {
        float[] apart = Run(name, DeviceCapabilities.None);
        DeviceCapabilities all = CpuDevice.Capabilities;
        Compare(apart, Run(name, all));
        Compare(apart, Run(name, all with { ProductStatistics = true }));
        Compare(apart, Run(name, all with { SegmentsPerProduct = 2, MixedWindows = false }));
    }

    public static TheoryData<string> Refused() => [.. s_refused.Keys];

    [Theory]
    [MemberData(nameof(Refused))]
    public void Record_WhatNoDeviceCanRun_Throws(string name)
    {
        var ops = new PlanBuilder();
        Assert.Throws<ArgumentException>(() => s_refused[name](ops));
    }

    private static float[] Run(string name, DeviceCapabilities capabilities)
    {
        var ops = new PlanBuilder();
        PlanTensor y = s_graphs[name](ops);
        PlanOutput output = ops.Output("out", y);
        Graph graph = ops.Build();
        using var device = new CpuDevice(2, capabilities);
        using ICompiledPlan plan = device.Compile(graph);
        foreach (PlanInput<float> input in graph.Inputs.OfType<PlanInput<float>>())
            plan.Input(input).CopyFrom(RecipeTensors.Input(input.Name, checked((int)input.Shape.Count)));
        plan.Run();
        return plan.Output(output).ToTensor().Data;
    }

    private static void Compare(float[] expected, float[] actual)
    {
        double scale = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 1e-5 * scale, $"number {i} is {actual[i]}, not {expected[i]}");
    }

    private static PlanTensor Picture(PlanBuilder ops, string name = "p") => ops.Input(name, new TensorShape(2, 6, 4, 5)).Value;

    private static PlanTensor Large(PlanBuilder ops, string name, int size) => ops.Input(name, new TensorShape(1, 16, size, size)).Value;

    private static PlanTensor Linear(PlanBuilder ops, PlanTensor x, int outputs) => ops.Linear(x, Weight([outputs, x.Channels]), Weight([outputs]));

    private static PlanTensor Conv(PlanBuilder ops, PlanTensor x, int outputs, int kernel, int stride = 1, int padding = -1, int extra = 0) =>
        ops.Conv2d(x, Weight([outputs, x.Channels, kernel, kernel]), Weight([outputs]), stride, padding < 0 ? kernel / 2 : padding, extra);

    private static Parameter Weight(int[] shape) => s_weights.Get("w" + string.Join('x', shape), shape);
}
