namespace NativeDiffusion.Cpu;

/// <summary>
/// Sinusoidal embedding of timesteps (Vaswani et al. 2017, arXiv:1706.03762, as diffusers writes it):
/// frequency[i] = e^(-ln(10000) · i / (half - freqShift)), half = channels / 2, i = 0 … half - 1;
/// y = [cos(t · frequency), sin(t · frequency)], or sine first without the flip; an odd last channel is zero.
/// </summary>
internal static unsafe class TimestepEmbedding
{
    private const float MinusLogPeriod = -9.2103403719761836f;

    /// <summary>timesteps: [batch]; y: [batch, channels].</summary>
    public static void Forward(CpuWorkers workers, float* timesteps, float* y, int batch, int channels, bool flipSinToCos, float freqShift)
    {
        int half = channels / 2;
        workers.Run(batch, n =>
        {
            float* row = y + ((long)n * channels);
            for (int i = 0; i < half; i++)
            {
                // Rounded to float32 at the same points as diffusers: at t = 999 the angle's rounding affects the fifth digit.
                float exponent = MinusLogPeriod * i / (half - freqShift);
                float frequency = (float)ScalarMath.Exp(exponent);
                float angle = timesteps[n] * frequency;
                (double sin, double cos) = ScalarMath.SinCos(angle);
                row[flipSinToCos ? i : half + i] = (float)cos;
                row[flipSinToCos ? half + i : i] = (float)sin;
            }

            if (channels % 2 == 1)
                row[channels - 1] = 0;
        });
    }
}
