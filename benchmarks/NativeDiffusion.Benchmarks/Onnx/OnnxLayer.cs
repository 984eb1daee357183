using Microsoft.ML.OnnxRuntime;

namespace NativeDiffusion.Benchmarks.Onnx;

/// <summary>One layer on ONNX Runtime's CPU provider, all optimisations on, inputs and output bound to memory once.</summary>
internal sealed class OnnxLayer : IDisposable
{
    private readonly SessionOptions _options;
    private readonly InferenceSession _session;
    private readonly OrtIoBinding _binding;
    private readonly RunOptions _run = new();
    private readonly List<OrtValue> _values = [];

    public OnnxLayer(OnnxGraph graph, int threads)
    {
        _options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        _session = new InferenceSession(graph.ToModel(), _options);
        _binding = _session.CreateIoBinding();
        foreach ((string name, NodeMetadata input) in _session.InputMetadata)
            _binding.BindInput(name, Value(input, seed: name.Length));
        foreach ((string name, NodeMetadata output) in _session.OutputMetadata)
            _binding.BindOutput(name, Value(output, seed: 0));
    }

    /// <summary>Runs the layer once.</summary>
    public void Run() => _session.RunWithBinding(_run, _binding);

    public void Dispose()
    {
        _binding.Dispose();
        _run.Dispose();
        _session.Dispose();
        _options.Dispose();
        _values.ForEach(value => value.Dispose());
    }

    private OrtValue Value(NodeMetadata tensor, int seed)
    {
        long[] shape = [.. tensor.Dimensions.Select(extent => (long)extent)];
        var value = OrtValue.CreateTensorValueFromMemory(RandomValues.Of(shape.Aggregate(1L, (a, b) => a * b), 1, seed), shape);
        _values.Add(value);
        return value;
    }
}
