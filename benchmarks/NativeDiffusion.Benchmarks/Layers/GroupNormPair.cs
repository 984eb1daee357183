using NativeDiffusion.Benchmarks.Onnx;
using NativeDiffusion.Cpu;

namespace NativeDiffusion.Benchmarks.Layers;

/// <summary>GroupNorm and SiLU on both engines; exporters write GroupNorm as InstanceNormalization of a reshaped picture.</summary>
internal sealed unsafe class GroupNormPair : LayerPair
{
    private const int Groups = 32;
    private const float Epsilon = 1e-5f;

    private readonly GroupNormLayer _layer;
    private readonly float* _x;
    private readonly float* _weight;
    private readonly float* _bias;
    private readonly float* _y;

    public GroupNormPair(CpuWorkers workers, GroupNormLayer layer)
        : base(workers)
    {
        _layer = layer;
        long count = (long)layer.Size * layer.Size * layer.Channels;
        _x = Memory(count);
        _weight = Memory(layer.Channels, seed: 2);
        _bias = Memory(layer.Channels, seed: 3);
        _y = Memory(count);
        Peer = new OnnxLayer(Graph(), workers.Count);
    }

    /// <inheritdoc/>
    public override void Native() =>
        GroupNorm.Forward(Workers, _x, null, _weight, _bias, null, _y, 1, _layer.Channels, 0, _layer.Size * _layer.Size, Groups, Epsilon, silu: true);

    private OnnxGraph Graph()
    {
        var graph = new OnnxGraph();
        string x = graph.Input("x", 1, _layer.Channels, _layer.Size, _layer.Size);
        string grouped = graph.Node("Reshape", [x, graph.Constant("grouped", [1, Groups, -1])]);
        string ones = graph.Constant("ones", [.. Enumerable.Repeat(1f, Groups)], Groups);
        string zeros = graph.Constant("zeros", new float[Groups], Groups);
        string normal = graph.Node("InstanceNormalization", [grouped, ones, zeros], ("epsilon", Epsilon));
        string picture = graph.Node("Reshape", [normal, graph.Constant("picture", [1, _layer.Channels, _layer.Size, _layer.Size])]);
        string weight = graph.Constant("weight", RandomValues.Of(_layer.Channels, 1, seed: 2), 1, _layer.Channels, 1, 1);
        string bias = graph.Constant("bias", RandomValues.Of(_layer.Channels, 1, seed: 3), 1, _layer.Channels, 1, 1);
        string affine = graph.Node("Add", [graph.Node("Mul", [picture, weight]), bias]);
        graph.Output(graph.Node("Mul", [affine, graph.Node("Sigmoid", [affine])]), 1, _layer.Channels, _layer.Size, _layer.Size);
        return graph;
    }
}
