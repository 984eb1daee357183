using NativeDiffusion.Tensors;

namespace NativeDiffusion.Weights;

/// <summary>
/// A set of named tensors in PyTorch layout (convolutions OIHW, linear layers [out, in]) under diffusers or transformers names.
/// Implementations are safe to read from several threads at once.
/// </summary>
public interface IWeightSource
{
    /// <summary>Where the weights come from, for messages: a file, a folder, a recipe.</summary>
    string Description { get; }

    /// <summary>The names of all tensors.</summary>
    IReadOnlyCollection<string> Names { get; }

    /// <summary>Looks up a tensor.</summary>
    /// <param name="name">The full name.</param>
    /// <param name="shape">Its extents, when found.</param>
    /// <param name="dtype">Its stored element type, when found.</param>
    /// <returns>Whether the tensor exists.</returns>
    bool TryGet(string name, out TensorShape shape, out DType dtype);

    /// <summary>Reads a tensor, converted to float32.</summary>
    /// <param name="name">The full name.</param>
    /// <param name="destination">Exactly the tensor's element count, row-major.</param>
    /// <exception cref="CheckpointException">The tensor does not exist or cannot be read.</exception>
    void Read(string name, Span<float> destination);
}
