using System.Collections.Immutable;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Weights;

/// <summary>What a device makes of a layer's weights.</summary>
internal enum WeightForm
{
    /// <summary>A vector, or any weight as it stands; blocks that meet are summed (the biases of a product and of its fused shortcut).</summary>
    Vector,

    /// <summary>A matrix of a row for each output: taps of the window in row-major order, the input channels of each.</summary>
    Matrix,

    /// <summary>A 3x3 window behind a nearest upsampling to twice the size: four matrices of 2x2 taps, one for each phase of the output.</summary>
    Phases,

    /// <summary>A 3x3 window as F(2x2, 3x3) (Lavin and Gray 2015, arXiv:1509.09308): sixteen matrices of one tap.</summary>
    Winograd,
}

/// <summary>
/// How weights of a checkpoint lie on a device, as data: every layout is a linear map from the parameters to the device's memory, so that an
/// adapter's factors can follow it. Equal by value, parameters by identity; the key of what a device has laid out.
/// </summary>
internal sealed record WeightLayout
{
    /// <summary>The form.</summary>
    public required WeightForm Form { get; init; }

    /// <summary>Rows of the matrix, or elements of the vector.</summary>
    public required int Outputs { get; init; }

    /// <summary>Input channels that each tap reads; 1 for a vector.</summary>
    public int Inputs { get; init; } = 1;

    /// <summary>Taps of the checkpoint's window: 1 or 9.</summary>
    public int Taps { get; init; } = 1;

    /// <summary>Rows come in groups of this many; the last group is filled with zeros. 1 for no groups.</summary>
    public int RowGroup { get; init; } = 1;

    /// <summary>
    /// Whether GEGLU's values and gates are interleaved: the first half of each row group holds values, the second the gates that belong to them.
    /// </summary>
    public bool InterleavesGates { get; init; }

    /// <summary>The element type on the device.</summary>
    public DType Type { get; init; } = DType.Float32;

    /// <summary>Which part of which parameter goes where.</summary>
    public required ImmutableArray<WeightBlock> Blocks { get; init; }

    /// <summary>The linear map from the window's taps to those of the form.</summary>
    public TapMap TapMap => TapMap.Of(Form, Taps);

    /// <summary>Rows that are stored: <see cref="Outputs"/> rounded up to whole groups.</summary>
    public long StoredRows => ((long)Outputs + RowGroup - 1) / RowGroup * RowGroup;

    /// <summary>Bytes on the device; known without one.</summary>
    public long Bytes => StoredRows * Inputs * TapMap.Targets * Type.Size();

    /// <summary>The stored row of an output.</summary>
    /// <param name="output">In the checkpoint's order: for GEGLU all values, then all gates.</param>
    public int RowOf(int output) => InterleavesGates ? GateInterleaving.RowOf(output, Outputs, RowGroup) : output;

    /// <inheritdoc/>
    public bool Equals(WeightLayout? other) =>
        other is not null
        && (Form, Outputs, Inputs, Taps, RowGroup, InterleavesGates, Type) ==
            (other.Form, other.Outputs, other.Inputs, other.Taps, other.RowGroup, other.InterleavesGates, other.Type)
        && Blocks.AsSpan().SequenceEqual(other.Blocks.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add((Form, Outputs, Inputs, Taps, RowGroup, InterleavesGates, Type));
        foreach (WeightBlock block in Blocks) hash.Add(block);
        return hash.ToHashCode();
    }
}

/// <summary>A part of a parameter and its place in a layout.</summary>
/// <param name="Parameter">[O, I, kh, kw], [O, I] or a vector [O]; compared by identity.</param>
/// <param name="FirstInput">The first input channel taken.</param>
/// <param name="Inputs">How many are taken.</param>
/// <param name="FirstOutput">The output at which its first row stands (joined q, k, v).</param>
/// <param name="FirstDepth">The input channel of the layout at which its first channel stands (adapters side by side).</param>
internal readonly record struct WeightBlock(Parameter Parameter, int FirstInput, int Inputs, int FirstOutput, int FirstDepth = 0);
