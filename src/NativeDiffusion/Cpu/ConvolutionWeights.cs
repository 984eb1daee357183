namespace NativeDiffusion.Cpu;

/// <summary>The linear maps that take a 3x3 window's weights into a form of <see cref="ConvolutionForm"/>. Computed in double, rounded to float32 once.</summary>
internal static class ConvolutionWeights
{
    /// <summary>Matrices that a form makes of one window.</summary>
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

    /// <summary>result[matrix · Taps + tap] for one output and input channel; window: [taps], row-major.</summary>
    public static void Transform(ConvolutionForm form, ReadOnlySpan<float> window, Span<float> result)
    {
        if (form == ConvolutionForm.Phases)
            Phases(window, result);
        else if (form == ConvolutionForm.Winograd)
            Winograd(window, result);
        else
            window.CopyTo(result);
    }

    // Even rows of the upsampled picture see stored rows i - 1, i, i through the window's rows 0, 1, 2; odd rows see i, i, i + 1. Columns likewise.
    private static void Phases(ReadOnlySpan<float> g, Span<float> result)
    {
        for (int phase = 0; phase < 4; phase++)
        {
            for (int tap = 0; tap < 4; tap++)
            {
                (int firstY, int endY) = Merged(phase / 2, tap / 2);
                (int firstX, int endX) = Merged(phase % 2, tap % 2);
                double sum = 0;
                for (int y = firstY; y < endY; y++)
                {
                    for (int x = firstX; x < endX; x++)
                        sum += g[(y * 3) + x];
                }

                result[(phase * 4) + tap] = (float)sum;
            }
        }
    }

    private static (int First, int End) Merged(int odd, int tap) => (odd, tap) switch
    {
        (0, 0) => (0, 1),
        (0, 1) => (1, 3),
        (1, 0) => (0, 2),
        _ => (2, 3),
    };

    // G g Gᵀ with G = [1 0 0; ½ ½ ½; ½ -½ ½; 0 0 1].
    private static void Winograd(ReadOnlySpan<float> g, Span<float> result)
    {
        Span<double> half = stackalloc double[12];
        for (int x = 0; x < 3; x++)
        {
            (half[x], half[3 + x], half[6 + x], half[9 + x]) = Column(g[x], g[3 + x], g[6 + x]);
        }

        for (int y = 0; y < 4; y++)
        {
            (double a, double b, double c, double d) = Column(half[y * 3], half[(y * 3) + 1], half[(y * 3) + 2]);
            (result[y * 4], result[(y * 4) + 1], result[(y * 4) + 2], result[(y * 4) + 3]) = ((float)a, (float)b, (float)c, (float)d);
        }
    }

    private static (double A, double B, double C, double D) Column(double g0, double g1, double g2) =>
        (g0, 0.5 * (g0 + g1 + g2), 0.5 * (g0 - g1 + g2), g2);
}
