using NativeDiffusion.Benchmarks.Onnx;
using NativeDiffusion.Cpu;

namespace NativeDiffusion.Benchmarks.Layers;

/// <summary>A convolution on both engines: NHWC here, NCHW there, each engine's own layout.</summary>
internal sealed unsafe class ConvolutionPair : LayerPair
{
    private readonly ConvolutionLayer _layer;
    private readonly GemmSegment _segment;
    private readonly float* _bias;
    private readonly float* _y;

    public ConvolutionPair(CpuWorkers workers, ConvolutionLayer layer)
        : base(workers)
    {
        _layer = layer;
        (int inputs, int outputs, int kernel, int size) = (layer.Inputs, layer.Outputs, layer.Kernel, layer.InputSize);
        float[] weights = RandomValues.Of((long)outputs * inputs * kernel * kernel, 0.02f, seed: 2);
        ConvolutionForm form = Conv2d.FormOf(kernel, layer.Stride, inputs, outputs, size, size, layer.Size * layer.Stride, layer.Size * layer.Stride);
        PackedMatrix packed = Own(new PackedMatrix(outputs, kernel * kernel, inputs, form));
        packed.Fill(workers, weights, outputs, inputs, kernel, kernel, 0, inputs, []);
        _segment = new GemmSegment
        {
            X = Memory((long)size * size * inputs),
            Channels = inputs,
            PixelStride = inputs,
            Height = size,
            Width = size,
            VirtualHeight = layer.Upsampled ? layer.Size : 0,
            VirtualWidth = layer.Upsampled ? layer.Size : 0,
            Kernel = kernel,
            Stride = layer.Stride,
            PadTop = kernel / 2,
            PadLeft = kernel / 2,
            Weights = packed,
        };
        _bias = Memory(outputs);
        _y = Memory((long)layer.Size * layer.Size * outputs);
        Peer = new OnnxLayer(Graph(weights), workers.Count);
    }

    /// <inheritdoc/>
    public override void Native() =>
        Conv2d.Forward(Workers, [_segment], new GemmEpilogue { Bias = _bias }, _y, _layer.Outputs, 1, _layer.Size, _layer.Size, _layer.Outputs);

    private OnnxGraph Graph(float[] weights)
    {
        var graph = new OnnxGraph();
        string x = graph.Input("x", 1, _layer.Inputs, _layer.InputSize, _layer.InputSize);
        if (_layer.Upsampled)
        {
            string scales = graph.Constant("scales", [1, 1, 2, 2], 4);
            x = graph.Node("Resize", [x, "", scales], ("mode", "nearest"), ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor"));
        }

        string w = graph.Constant("w", weights, _layer.Outputs, _layer.Inputs, _layer.Kernel, _layer.Kernel);
        string b = graph.Constant("b", RandomValues.Of(_layer.Outputs, 1, seed: 3), _layer.Outputs);
        long pad = _layer.Kernel / 2;
        string y = graph.Node(
            "Conv", [x, w, b], ("kernel_shape", new long[] { _layer.Kernel, _layer.Kernel }), ("pads", new long[] { pad, pad, pad, pad }),
                ("strides", new long[] { _layer.Stride, _layer.Stride }));
        graph.Output(y, 1, _layer.Outputs, _layer.Size, _layer.Size);
        return graph;
    }
}
