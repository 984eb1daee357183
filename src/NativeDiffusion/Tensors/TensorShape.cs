namespace NativeDiffusion.Tensors;

/// <summary>
/// The extents of a tensor, outermost first. A scalar has rank 0 and one element. Immutable; compared by value.
/// </summary>
public readonly struct TensorShape : IEquatable<TensorShape>
{
    private readonly int[]? _dimensions;

    /// <summary>Creates a shape from its extents.</summary>
    /// <param name="dimensions">Extents, each zero or more, outermost first.</param>
    /// <exception cref="ArgumentOutOfRangeException">An extent is negative.</exception>
    /// <exception cref="OverflowException">The number of elements exceeds <see cref="long.MaxValue"/>.</exception>
    public TensorShape(params ReadOnlySpan<int> dimensions)
    {
        long count = 1;
        foreach (int dimension in dimensions)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(dimension, nameof(dimensions));
            count = checked(count * dimension);
        }

        _dimensions = dimensions.ToArray();
        Count = count;
    }

    private int[] Extents => _dimensions ?? [];

    /// <summary>The number of dimensions.</summary>
    public int Rank => Extents.Length;

    /// <summary>The number of elements: the product of all extents, 1 for a scalar.</summary>
    public long Count { get => _dimensions is null ? 1 : field; }

    /// <summary>The extents, outermost first.</summary>
    public ReadOnlySpan<int> Dimensions => Extents;

    /// <summary>One extent; a negative index counts from the innermost (-1 is the last).</summary>
    public int this[int index] => Extents[index < 0 ? Rank + index : index];

    /// <summary>Compares two shapes by value.</summary>
    public static bool operator ==(TensorShape left, TensorShape right) => left.Equals(right);

    /// <summary>Compares two shapes by value.</summary>
    public static bool operator !=(TensorShape left, TensorShape right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(TensorShape other) => Extents.AsSpan().SequenceEqual(other.Extents);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TensorShape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (int dimension in Extents) hash.Add(dimension);
        return hash.ToHashCode();
    }

    /// <summary>The shape as written in messages: <c>[2, 4, 64, 64]</c>.</summary>
    public override string ToString() => $"[{string.Join(", ", Extents)}]";
}
