using NativeDiffusion.Benchmarks.Onnx;
using NativeDiffusion.Cpu;

using NativeDiffusion.Tensors;

namespace NativeDiffusion.Benchmarks.Layers;

/// <summary>A linear layer, with GEGLU if asked, on both engines.</summary>
internal sealed unsafe class LinearPair : LayerPair
{
    private readonly LinearLayer _layer;
    private readonly GemmSegment _segment;
    private readonly GemmEpilogue _epilogue;
    private readonly float* _y;

    public LinearPair(CpuWorkers workers, LinearLayer layer)
        : base(workers)
    {
        _layer = layer;
        float[] weights = RandomValues.Of((long)layer.Outputs * layer.Inputs, 0.02f, seed: 2);
        PackedMatrix packed = Own(new PackedMatrix(layer.Outputs, 1, layer.Inputs));
        packed.Fill(workers, weights, layer.Outputs, layer.Inputs, 1, 1, 0, layer.Inputs, layer.Gated ? PackedMatrix.GeGluRows(layer.Outputs) : []);
        _segment = GemmSegment.Matrix(Memory((long)layer.Rows * layer.Inputs), layer.Inputs, layer.Inputs, layer.Rows, packed);
        _epilogue = new GemmEpilogue { Bias = Memory(layer.Outputs), Activation = layer.Gated ? Activation.GeGlu : Activation.None };
        _y = Memory((long)layer.Rows * Width);
        Peer = new OnnxLayer(Graph(), workers.Count);
    }

    private int Width => _layer.Gated ? _layer.Outputs / 2 : _layer.Outputs;

    /// <inheritdoc/>
    public override void Native() => Linear.Forward(Workers, [_segment], _epilogue, _y, Width, _layer.Rows, _layer.Outputs);

    private OnnxGraph Graph()
    {
        var graph = new OnnxGraph();
        string x = graph.Input("x", _layer.Rows, _layer.Inputs);
        string w = graph.Constant("w", RandomValues.Of((long)_layer.Inputs * _layer.Outputs, 0.02f, seed: 2), _layer.Inputs, _layer.Outputs);
        string b = graph.Constant("b", RandomValues.Of(_layer.Outputs, 1, seed: 3), _layer.Outputs);
        string y = graph.Node("Add", [graph.Node("MatMul", [x, w]), b]);
        if (_layer.Gated)
        {
            string[] halves = graph.Node("Split", [y], 2, "", ("axis", 1), ("num_outputs", 2));
            y = graph.Node("Mul", [halves[0], graph.Node("Gelu", [halves[1]])]);
        }

        graph.Output(y, _layer.Rows, Width);
        return graph;
    }
}
