using NativeDiffusion.Tensors;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Tests.Weights;

/// <summary>A file of names and shapes without numbers.</summary>
internal sealed class NamesOnly : IWeightSource
{
    private readonly Dictionary<string, TensorShape> _shapes = new(StringComparer.Ordinal);

    public NamesOnly(IEnumerable<(string Name, TensorShape Shape)> tensors)
    {
        foreach ((string name, TensorShape shape) in tensors) _shapes[name] = shape;
    }

    public string Description => "names.safetensors";

    public IReadOnlyCollection<string> Names => _shapes.Keys;

    public bool TryGet(string name, out TensorShape shape, out DType dtype)
    {
        dtype = DType.Float16;
        return _shapes.TryGetValue(name, out shape);
    }

    public void Read(string name, TensorShape shape, Span<float> destination) => throw new NotSupportedException("Names and shapes have no numbers.");
}
