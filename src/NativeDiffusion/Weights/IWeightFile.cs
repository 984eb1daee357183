using NativeDiffusion.Tensors;

namespace NativeDiffusion.Weights;

/// <summary>Named tensors in a file (or in a set of files that belong together), open until disposed.</summary>
public interface IWeightFile : IWeightSource, IDisposable
{
    /// <summary>Strings stored beside the tensors; empty if there are none.</summary>
    IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Reads a tensor, converted to float32; the file knows its shape.</summary>
    /// <param name="name">The full name.</param>
    /// <param name="destination">Exactly the tensor's element count, row-major.</param>
    /// <exception cref="CheckpointException">The tensor does not exist or cannot be read.</exception>
    void Read(string name, Span<float> destination);

    /// <inheritdoc/>
    void IWeightSource.Read(string name, TensorShape shape, Span<float> destination) => Read(name, destination);
}
