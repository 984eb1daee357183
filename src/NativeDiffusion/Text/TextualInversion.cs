using NativeDiffusion.Tensors;

namespace NativeDiffusion.Text;

/// <summary>A textual inversion embedding (Gal et al. 2022, arXiv:2208.01618): a name and the vectors that replace its token embeddings.</summary>
public sealed class TextualInversion
{
    /// <summary>Creates the embedding.</summary>
    /// <param name="name">Its name in prompts.</param>
    /// <param name="vectors">[n, width], float32.</param>
    /// <exception cref="ArgumentException">The name is empty or the vectors are not a matrix.</exception>
    public TextualInversion(string name, Tensor vectors)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(vectors);
        if (vectors.Shape.Rank != 2 || vectors.Shape[0] == 0)
            throw new ArgumentException(
                $"The embedding \"{name}\" has the shape {vectors.Shape}; expected [vectors, width] with at least one vector.", nameof(vectors));
        Name = name;
        Vectors = vectors;
    }

    /// <summary>Its name in prompts.</summary>
    public string Name { get; }

    /// <summary>[n, width].</summary>
    public Tensor Vectors { get; }

    /// <summary>The number of token positions it occupies.</summary>
    public int Count => Vectors.Shape[0];
}
