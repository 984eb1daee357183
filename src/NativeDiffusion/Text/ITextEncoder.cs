using NativeDiffusion.Tensors;

namespace NativeDiffusion.Text;

/// <summary>A text encoder network: token ids to the states that the denoiser attends to.</summary>
public interface ITextEncoder
{
    /// <summary>The width of the states, and of an embedding's vectors: 768 in SD1.5.</summary>
    int Width { get; }

    /// <summary>The size of the network's embedding table; ids from here on refer to rows of <c>extra</c>.</summary>
    int VocabularySize { get; }

    /// <summary>Runs the network.</summary>
    /// <param name="tokens">[rows, 77] ids, row-major; an id of <see cref="VocabularySize"/> + k refers to row k of <paramref name="extra"/>.</param>
    /// <param name="rows">How many texts.</param>
    /// <param name="extra">[E, <see cref="Width"/>] vectors that replace token embeddings, or null.</param>
    /// <param name="skip">The number of last layers to skip: A1111's clip skip minus one, diffusers' clip_skip.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    /// <returns><returns>[rows, 77, <see cref="Width"/>] after the final layer norm; owned by the caller.</returns></returns>
    Tensor Encode(ReadOnlySpan<int> tokens, int rows, Tensor? extra, int skip, CancellationToken cancellationToken);
}
