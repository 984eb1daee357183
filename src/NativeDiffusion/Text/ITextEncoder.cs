using NativeDiffusion.Tensors;

namespace NativeDiffusion.Text;

/// <summary>A text encoder network: token ids to the states that the denoiser attends to.</summary>
public interface ITextEncoder
{
    /// <summary>The width of the states, and of an embedding's vectors: 768 in SD1.5.</summary>
    int Width { get; }

    /// <summary>How many tokens the network's embedding table has; ids from here on stand for rows of <c>extra</c>.</summary>
    int VocabularySize { get; }

    /// <summary>Runs the network.</summary>
    /// <param name="tokens">[rows, 77] ids, row-major; an id of <see cref="VocabularySize"/> + k stands for row k of <paramref name="extra"/>.</param>
    /// <param name="rows">How many texts.</param>
    /// <param name="extra">[E, <see cref="Width"/>] vectors that take the place of token embeddings, or null.</param>
    /// <param name="skip">How many of the last layers are left out: A1111's clip skip less one, diffusers' clip_skip.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns>[rows, 77, <see cref="Width"/>] after the final layer norm; the caller's to keep.</returns>
    Tensor Encode(ReadOnlySpan<int> tokens, int rows, Tensor? extra, int skip, CancellationToken cancellationToken);
}
