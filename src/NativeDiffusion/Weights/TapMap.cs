using System.Collections.Immutable;

namespace NativeDiffusion.Weights;

/// <summary>
/// How the taps of a square window become those of a form: the same small matrix for rows and for columns, target = M · window · Mᵀ.
/// </summary>
internal sealed class TapMap
{
    private static readonly TapMap s_one = new(1, [1]);

    private static readonly TapMap s_three = new(3, [1, 0, 0, 0, 1, 0, 0, 0, 1]);

    // Even rows of the upsampled picture see stored rows i - 1, i, i through the window's rows 0, 1, 2; odd rows see i, i, i + 1.
    private static readonly TapMap s_phases = new(3, [1, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 1]);

    private static readonly TapMap s_winograd = new(3, [1, 0, 0, 0.5, 0.5, 0.5, 0.5, -0.5, 0.5, 0, 0, 1]);

    private TapMap(int side, ImmutableArray<double> matrix)
    {
        Side = side;
        Matrix = matrix;
    }

    /// <summary>The window's side.</summary>
    public int Side { get; }

    /// <summary>M, [rows, side], row-major.</summary>
    public ImmutableArray<double> Matrix { get; }

    /// <summary>Rows of M: taps in one direction, over all matrices of the form.</summary>
    public int Rows => Matrix.Length / Side;

    /// <summary>Taps of the form, all its matrices together.</summary>
    public int Targets => Rows * Rows;

    /// <summary>The map of a form.</summary>
    /// <param name="form">The form; Phases and Winograd are of 3x3 windows.</param>
    /// <param name="taps">Taps of the window: 1 or 9.</param>
    /// <exception cref="ArgumentException">The form does not exist for such a window.</exception>
    public static TapMap Of(WeightForm form, int taps) => (form, taps) switch
    {
        (WeightForm.Vector or WeightForm.Matrix, 1) => s_one,
        (WeightForm.Matrix, 9) => s_three,
        (WeightForm.Phases, 9) => s_phases,
        (WeightForm.Winograd, 9) => s_winograd,
        _ => throw new ArgumentException($"There is no layout {form} for a window of {taps} taps.", nameof(taps)),
    };

    /// <summary>What one tap of the window gives to one target.</summary>
    /// <param name="targetRow">Row of M for the target's row.</param>
    /// <param name="targetColumn">Row of M for the target's column.</param>
    /// <param name="tap">The window's tap, row-major.</param>
    public double Factor(int targetRow, int targetColumn, int tap) =>
        Matrix[targetRow * Side + tap / Side] * Matrix[targetColumn * Side + tap % Side];
}
