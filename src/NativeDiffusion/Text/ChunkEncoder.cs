using System.Text;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Text;

/// <summary>Runs the text encoder over chunks; equal chunks of one prompt are encoded once.</summary>
internal sealed class ChunkEncoder(ITextEncoder encoder, int skip, CancellationToken cancellationToken)
{
    private readonly Dictionary<string, Tensor> _known = new(StringComparer.Ordinal);

    /// <summary>The states of a chunk.</summary>
    /// <returns><returns>[1, 77, width], owned by the caller.</returns></returns>
    public Tensor Encode(PromptChunk chunk)
    {
        string key = Key(chunk);
        if (!_known.TryGetValue(key, out Tensor? states)) _known.Add(key, states = Run(chunk));
        return new Tensor(states.Shape, [.. states.Data]);
    }

    private Tensor Run(PromptChunk chunk)
    {
        int[] tokens = [.. chunk.Tokens];
        var extra = new List<float>();
        foreach (ChunkEmbedding place in chunk.Embeddings)
        {
            TextualInversion embedding = place.Embedding;
            int width = embedding.Vectors.Shape[1];
            if (width != encoder.Width)
                throw new ArgumentException(
                    $"The embedding \"{embedding.Name}\" has vectors of {width} numbers, but this model's text encoder takes {encoder.Width}; it was made for "
                        + $"another model.", nameof(chunk));
            // A position may be past the last token of a chunk that was completed early: those vectors are ignored.
            int count = Math.Min(place.Count, tokens.Length - 1 - place.Offset);
            for (int i = 0; i < count; i++)
            {
                tokens[1 + place.Offset + i] = encoder.VocabularySize + (extra.Count / width);
                extra.AddRange(embedding.Vectors.Span.Slice((place.First + i) * width, width));
            }
        }
        cancellationToken.ThrowIfCancellationRequested();
        Tensor? rows = extra.Count == 0 ? null : new Tensor(new TensorShape(extra.Count / encoder.Width, encoder.Width), [.. extra]);
        return encoder.Encode(tokens, 1, rows, skip, cancellationToken);
    }

    private static string Key(PromptChunk chunk)
    {
        var key = new StringBuilder();
        foreach (int token in chunk.Tokens)
            key.Append((char)token).Append((char)(token >> 16));
        foreach (ChunkEmbedding place in chunk.Embeddings)
            key.Append((char)place.Offset).Append((char)place.First).Append((char)place.Count).Append(place.Embedding.Name).Append('\0');
        return key.ToString();
    }
}
