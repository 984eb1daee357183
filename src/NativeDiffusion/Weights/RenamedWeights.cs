using NativeDiffusion.Tensors;

namespace NativeDiffusion.Weights;

/// <summary>
/// Tensors of another source under other names; nothing is copied. A 1x1 convolution can be exposed as a linear
/// layer.
/// </summary>
internal sealed class RenamedWeights : IWeightSource
{
    private readonly IWeightSource _source;
    private readonly Dictionary<string, string> _originals = new(StringComparer.Ordinal);
    private readonly HashSet<string> _linear = new(StringComparer.Ordinal);

    /// <summary>Creates an empty view.</summary>
    /// <param name="source">The source of the tensors.</param>
    public RenamedWeights(IWeightSource source) => _source = source;

    /// <inheritdoc/>
    public string Description => _source.Description;

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Names => _originals.Keys;

    /// <summary>Adds a name for a tensor of the source.</summary>
    /// <param name="name">The new name.</param>
    /// <param name="original">Its name in the source.</param>
    /// <param name="linear">Whether [O, I, 1, 1] is exposed as [O, I].</param>
    /// <exception cref="CheckpointException">Two tensors would have the same name.</exception>
    public void Add(string name, string original, bool linear = false)
    {
        if (!_originals.TryAdd(name, original))
            throw new CheckpointException(
                $"{Description}: '{_originals[name]}' and '{original}' are both tensor '{name}'; one of them must go.", Description, original);
        if (linear) _linear.Add(name);
    }

    /// <summary>The name in the source.</summary>
    public string Original(string name) => _originals.GetValueOrDefault(name, name);

    /// <inheritdoc/>
    public bool TryGet(string name, out TensorShape shape, out DType dtype)
    {
        (shape, dtype) = (default, default);
        if (!_originals.TryGetValue(name, out string? original) || !_source.TryGet(original, out shape, out dtype)) return false;
        if (shape.Rank == 4 && shape[2] == 1 && shape[3] == 1 && _linear.Contains(name)) shape = new TensorShape(shape[0], shape[1]);
        return true;
    }

    /// <inheritdoc/>
    public void Read(string name, TensorShape shape, Span<float> destination) => _source.Read(Stored(name), shape, destination);

    /// <inheritdoc/>
    public void ReadBytes(string name, TensorShape shape, DType dtype, Span<byte> destination) =>
        _source.ReadBytes(Stored(name), shape, dtype, destination);

    private string Stored(string name) => _originals.TryGetValue(name, out string? original) ? original
        : throw new CheckpointException($"{Description}: tensor '{name}' does not exist.", Description, name);
}
