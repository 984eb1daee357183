using NativeDiffusion.Tensors;

namespace NativeDiffusion.Weights;

/// <summary>
/// A set of named tensors in PyTorch layout (convolutions OIHW, linear layers [out, in]) under diffusers or transformers names.
/// Implementations are thread-safe for reading.
/// </summary>
public interface IWeightSource
{
    /// <summary>The origin of the weights, for messages: a file, a folder, a recipe.</summary>
    string Description { get; }

    /// <summary>The names of all tensors; empty for a source that makes any tensor it is asked for.</summary>
    IReadOnlyCollection<string> Names { get; }

    /// <summary>Looks up a tensor.</summary>
    /// <param name="name">The full name.</param>
    /// <param name="shape">Its extents, when found.</param>
    /// <param name="dtype">Its stored element type, when found.</param>
    /// <returns>Whether the tensor exists.</returns>
    bool TryGet(string name, out TensorShape shape, out DType dtype);

    /// <summary>
    /// Looks up a tensor that a model needs with a shape. A file answers with what it stores; a source that makes its numbers (a recipe, random
    /// weights for measuring, an inventory) answers with the shape that is needed.
    /// </summary>
    /// <param name="name">The full name.</param>
    /// <param name="needed">The shape that the model needs.</param>
    /// <param name="found">The shape of what there is.</param>
    /// <returns>Whether the tensor exists.</returns>
    bool TryFind(string name, TensorShape needed, out TensorShape found) => TryGet(name, out found, out _);

    /// <summary>Reads a tensor, converted to float32.</summary>
    /// <param name="name">The full name.</param>
    /// <param name="shape">The shape that the model needs; a file has as many elements.</param>
    /// <param name="destination">Exactly the tensor's element count, row-major.</param>
    /// <exception cref="CheckpointException">The tensor does not exist or cannot be read.</exception>
    void Read(string name, TensorShape shape, Span<float> destination);

    /// <summary>Reads a tensor as bytes of a type: those of the file where it stores this type, else converted, to the nearest number.</summary>
    /// <param name="name">The full name.</param>
    /// <param name="shape">The shape that the model needs; a file has as many elements.</param>
    /// <param name="dtype">Float32, Float16 or BFloat16.</param>
    /// <param name="destination">Exactly the tensor's elements in that type, little-endian, row-major.</param>
    /// <exception cref="CheckpointException">The tensor does not exist or cannot be read.</exception>
    void ReadBytes(string name, TensorShape shape, DType dtype, Span<byte> destination) =>
        StoredNumbers.FromSource(this, name, shape, dtype, destination);
}
