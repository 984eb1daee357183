using System.Diagnostics;
using NativeDiffusion.Benchmarks.Onnx;
using NativeDiffusion.Cpu;

namespace NativeDiffusion.Benchmarks.Layers;

/// <summary>Attention on both engines. ONNX Runtime has two ways, the fused operator and the exporters' chain; the faster one here is the peer.</summary>
internal sealed unsafe class AttentionPair : LayerPair
{
    private readonly AttentionLayer _layer;
    private readonly float* _q;
    private readonly float* _k;
    private readonly float* _v;
    private readonly float* _y;

    public AttentionPair(CpuWorkers workers, AttentionLayer layer)
        : base(workers)
    {
        _layer = layer;
        _q = Memory((long)layer.QueryTokens * Width, seed: 1);
        _k = Memory((long)layer.KeyTokens * Width, seed: 2);
        _v = Memory((long)layer.KeyTokens * Width, seed: 3);
        _y = Memory((long)layer.QueryTokens * Width);
        var fused = new OnnxLayer(Fused(), workers.Count);
        var chain = new OnnxLayer(Chain(), workers.Count);
        bool fusedWins = Time(fused) < Time(chain);
        (fusedWins ? chain : fused).Dispose();
        Peer = fusedWins ? fused : chain;
    }

    private int Width => _layer.Heads * _layer.HeadDim;

    private float Scale => (float)(1 / Math.Sqrt(_layer.HeadDim));

    /// <inheritdoc/>
    public override void Native() => Attention.Forward(
        Workers, _q, Width, _k, Width, _v, Width, _y, Width, 1, _layer.Heads, _layer.QueryTokens, _layer.KeyTokens, _layer.HeadDim, Scale, causal: false);

    private static TimeSpan Time(OnnxLayer layer)
    {
        layer.Run();
        TimeSpan best = TimeSpan.MaxValue;
        for (int i = 0; i < 3; i++)
        {
            long start = Stopwatch.GetTimestamp();
            layer.Run();
            TimeSpan time = Stopwatch.GetElapsedTime(start);
            best = time < best ? time : best;
        }

        return best;
    }

    private OnnxGraph Fused()
    {
        var graph = new OnnxGraph();
        string[] inputs =
            [graph.Input("q", 1, _layer.QueryTokens, Width), graph.Input("k", 1, _layer.KeyTokens, Width), graph.Input("v", 1, _layer.KeyTokens, Width)];
        graph.Output(graph.Node("MultiHeadAttention", inputs, 1, "com.microsoft", ("num_heads", _layer.Heads))[0], 1, _layer.QueryTokens, Width);
        return graph;
    }

    private OnnxGraph Chain()
    {
        var graph = new OnnxGraph();
        string q = Heads(graph, graph.Input("q", 1, _layer.QueryTokens, Width), _layer.QueryTokens, [0, 2, 1, 3]);
        string k = Heads(graph, graph.Input("k", 1, _layer.KeyTokens, Width), _layer.KeyTokens, [0, 2, 3, 1]);
        string v = Heads(graph, graph.Input("v", 1, _layer.KeyTokens, Width), _layer.KeyTokens, [0, 2, 1, 3]);
        string scores = graph.Node("Mul", [graph.Node("MatMul", [q, k]), graph.Constant("scale", [Scale], 1)]);
        string y = graph.Node("MatMul", [graph.Node("Softmax", [scores], ("axis", -1)), v]);
        y = graph.Node("Transpose", [y], ("perm", new long[] { 0, 2, 1, 3 }));
        y = graph.Node("Reshape", [y, graph.Constant("joined", [1, _layer.QueryTokens, Width])]);
        graph.Output(y, 1, _layer.QueryTokens, Width);
        return graph;
    }

    private string Heads(OnnxGraph graph, string x, int tokens, long[] order)
    {
        string shape = graph.Constant($"{x}.heads", [1, tokens, _layer.Heads, _layer.HeadDim]);
        return graph.Node("Transpose", [graph.Node("Reshape", [x, shape])], ("perm", order));
    }
}
