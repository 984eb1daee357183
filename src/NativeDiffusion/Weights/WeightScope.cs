using NativeDiffusion.Tensors;

namespace NativeDiffusion.Weights;

/// <summary>A name prefix in a weight source (<c>down_blocks.0.resnets.1</c>), so that a layer's field is named as in the checkpoint.</summary>
public readonly struct WeightScope : IEquatable<WeightScope>
{
    /// <summary>Creates the root scope of a source, or one with a prefix.</summary>
    /// <param name="source">The tensors.</param>
    /// <param name="prefix">The prefix without its closing dot; empty for none.</param>
    public WeightScope(IWeightSource source, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(prefix);
        Source = source;
        Prefix = prefix;
    }

    /// <summary>The tensors.</summary>
    public IWeightSource Source { get; }

    /// <summary>The prefix without its closing dot; empty at the top.</summary>
    public string Prefix { get; }

    /// <summary>A scope one or more names deeper.</summary>
    public WeightScope this[string name] => new(Source, Join(name));

    /// <summary>A scope deeper by an index: <c>resnets</c> → <c>resnets.1</c>.</summary>
    public WeightScope this[int index] => this[index.ToString(System.Globalization.CultureInfo.InvariantCulture)];

    /// <summary>Whether the source has the tensor.</summary>
    /// <param name="name">The name below this scope.</param>
    public bool Has(string name) => Source.TryGet(Join(name), out _, out _);

    /// <summary>Finds a weight and checks its shape. A [O, I, 1, 1] convolution and a [O, I] linear weight are interchangeable.</summary>
    /// <param name="name">The name below this scope.</param>
    /// <param name="shape">The shape that the model needs.</param>
    /// <returns>The weight; nothing is read yet.</returns>
    /// <exception cref="CheckpointException">The tensor is missing or has another shape.</exception>
    public Parameter Get(string name, params ReadOnlySpan<int> shape)
    {
        var expected = new TensorShape(shape);
        string full = Join(name);
        if (!Source.TryFind(full, expected, out TensorShape found))
            throw new CheckpointException(
                $"{Source.Description}: tensor '{full}' is missing; the model needs it with shape {expected}.", Source.Description, full);
        if (found != expected && WithoutUnitTail(found) != WithoutUnitTail(expected))
            throw new CheckpointException(
                $"{Source.Description}: tensor '{full}' has shape {found}, but the model needs {expected}.", Source.Description, full);
        return new Parameter(Source, full, expected);
    }

    /// <inheritdoc/>
    public bool Equals(WeightScope other) => ReferenceEquals(Source, other.Source) && Prefix == other.Prefix;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is WeightScope other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Source, Prefix);

    /// <summary>Compares source and prefix.</summary>
    public static bool operator ==(WeightScope left, WeightScope right) => left.Equals(right);

    /// <summary>Compares source and prefix.</summary>
    public static bool operator !=(WeightScope left, WeightScope right) => !left.Equals(right);

    // A recipe prefix may itself end in a dot ("small."): then it is used as it is.
    private string Join(string name) => Prefix.Length == 0 ? name : Prefix.EndsWith('.') ? Prefix + name : $"{Prefix}.{name}";

    private static TensorShape WithoutUnitTail(TensorShape shape) =>
        shape.Rank == 4 && shape[2] == 1 && shape[3] == 1 ? new TensorShape(shape[0], shape[1]) : shape;
}
