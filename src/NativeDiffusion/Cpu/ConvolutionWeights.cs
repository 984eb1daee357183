using System.Runtime.CompilerServices;

namespace NativeDiffusion.Cpu;

/// <summary>
/// The linear maps from a 3x3 window's weights to a form of <see cref="ConvolutionForm"/>. Computed in double, rounded to float32 once.
/// </summary>
internal static class ConvolutionWeights
{
    /// <summary>Number of matrices of one window in a form.</summary>
    public static int Matrices(ConvolutionForm form) => form switch
    {
        ConvolutionForm.Phases => 4,
        ConvolutionForm.Winograd => 16,
        _ => 1,
    };

    /// <summary>Taps of each matrix, for a window of <paramref name="taps"/>.</summary>
    public static int Taps(ConvolutionForm form, int taps) => form switch
    {
        ConvolutionForm.Phases => 4,
        ConvolutionForm.Winograd => 1,
        _ => taps,
    };

    /// <summary>
    /// result[matrix · Taps + tap] for one output and input channel; window: [9], row-major. Both forms map rows, then columns, from three
    /// numbers to four: M g Mᵀ.
    /// </summary>
    public static void Transform(ConvolutionForm form, ReadOnlySpan<float> window, Span<float> result)
    {
        Span<double> rows = stackalloc double[12];
        for (int x = 0; x < 3; x++)
            (rows[x], rows[3 + x], rows[6 + x], rows[9 + x]) = Map(form, window[x], window[3 + x], window[6 + x]);
        for (int y = 0; y < 4; y++)
        {
            (double a, double b, double c, double d) = Map(form, rows[y * 3], rows[(y * 3) + 1], rows[(y * 3) + 2]);
            if (form == ConvolutionForm.Winograd)
            {
                (result[y * 4], result[(y * 4) + 1], result[(y * 4) + 2], result[(y * 4) + 3]) = ((float)a, (float)b, (float)c, (float)d);
                continue;
            }

            // Rows of M are (phase, tap); a matrix is a pair of phases, its taps are pairs of taps.
            int place = (y / 2 * 8) + (y % 2 * 2);
            (result[place], result[place + 1], result[place + 4], result[place + 5]) = ((float)a, (float)b, (float)c, (float)d);
        }
    }

    // Winograd: M = [1 0 0; ½ ½ ½; ½ -½ ½; 0 0 1]. Phases: even rows of the upsampled picture read stored rows i - 1, i, i through the
    // window's rows 0, 1, 2, odd rows read i, i, i + 1: M = [1 0 0; 0 1 1; 1 1 0; 0 0 1].
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (double A, double B, double C, double D) Map(ConvolutionForm form, double g0, double g1, double g2) => form == ConvolutionForm.Winograd
        ? (g0, 0.5 * (g0 + g1 + g2), 0.5 * (g0 - g1 + g2), g2)
        : (g0, g1 + g2, g0 + g1, g2);
}
