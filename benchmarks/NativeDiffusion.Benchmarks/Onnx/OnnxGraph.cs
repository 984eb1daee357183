using System.Runtime.InteropServices;

namespace NativeDiffusion.Benchmarks.Onnx;

/// <summary>A small ONNX model made in memory (onnx.proto's field numbers; float32 tensors, static shapes, operator set 20).</summary>
internal sealed class OnnxGraph
{
    private const int Opset = 20;
    private const int FloatType = 1;
    private const int Int64Type = 7;

    private readonly ProtobufWriter _graph = new();
    private int _nodes;

    /// <summary>Adds an input of a fixed shape and returns its name.</summary>
    public string Input(string name, params long[] shape)
    {
        _graph.Message(11, Value(name, shape));
        return name;
    }

    /// <summary>Names the output, of a fixed shape.</summary>
    public void Output(string name, params long[] shape) => _graph.Message(12, Value(name, shape));

    /// <summary>Adds a float32 constant and returns its name.</summary>
    public string Constant(string name, float[] values, params long[] shape) => Constant(name, FloatType, MemoryMarshal.AsBytes<float>(values), shape);

    /// <summary>Adds an int64 constant and returns its name.</summary>
    public string Constant(string name, long[] values) => Constant(name, Int64Type, MemoryMarshal.AsBytes<long>(values), [values.Length]);

    /// <summary>Adds a node with one output and returns its name.</summary>
    public string Node(string operation, string[] inputs, params ReadOnlySpan<(string Name, object Value)> attributes) =>
        Node(operation, inputs, 1, "", attributes)[0];

    /// <summary>Adds a node of any domain with several outputs and returns their names.</summary>
    public string[] Node(string operation, string[] inputs, int outputs, string domain, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        var node = new ProtobufWriter();
        foreach (string input in inputs)
            node.Text(1, input);
        string[] names = [.. Enumerable.Range(0, outputs).Select(i => $"{operation}{_nodes}.{i}")];
        foreach (string name in names)
            node.Text(2, name);
        node.Text(3, $"{operation}{_nodes++}").Text(4, operation);
        foreach ((string name, object value) in attributes)
            node.Message(5, Attribute(name, value));
        node.Text(7, domain);
        _graph.Message(1, node);
        return names;
    }

    /// <summary>The model's bytes.</summary>
    public byte[] ToModel() => new ProtobufWriter()
        .Integer(1, 10)
        .Message(7, _graph.Text(2, "layer"))
        .Message(8, new ProtobufWriter().Text(1, "").Integer(2, Opset))
        .Message(8, new ProtobufWriter().Text(1, "com.microsoft").Integer(2, 1))
        .ToArray();

    private string Constant(string name, int type, ReadOnlySpan<byte> bytes, long[] shape)
    {
        var tensor = new ProtobufWriter();
        foreach (long extent in shape)
            tensor.Integer(1, extent);
        _graph.Message(5, tensor.Integer(2, type).Text(8, name).Bytes(9, bytes));
        return name;
    }

    private static ProtobufWriter Value(string name, long[] shape)
    {
        var extents = new ProtobufWriter();
        foreach (long extent in shape)
            extents.Message(1, new ProtobufWriter().Integer(1, extent));
        return new ProtobufWriter().Text(1, name).Message(2, new ProtobufWriter().Message(1, new ProtobufWriter().Integer(1, FloatType).Message(2, extents)));
    }

    private static ProtobufWriter Attribute(string name, object value)
    {
        ProtobufWriter attribute = new ProtobufWriter().Text(1, name);
        switch (value)
        {
            case float number:
                return attribute.Float(2, number).Integer(20, 1);
            case int number:
                return attribute.Integer(3, number).Integer(20, 2);
            case string text:
                return attribute.Text(4, text).Integer(20, 3);
            default:
                foreach (long number in (long[])value)
                    attribute.Integer(8, number);
                return attribute.Integer(20, 7);
        }
    }
}
