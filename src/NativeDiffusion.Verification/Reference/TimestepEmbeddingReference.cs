namespace NativeDiffusion.Verification;

/// <summary>
/// [cos(t · f), sin(t · f)], f = 10000^(-i / (half - freqShift)), rounded to float32 where diffusers rounds. Naive on purpose: do not optimise.
/// </summary>
internal static class TimestepEmbeddingReference
{
    public static double[] Forward(ReadOnlySpan<float> timesteps, int batch, int channels, bool flipSinToCos, float freqShift)
    {
        int half = channels / 2;
        var y = new double[batch * channels];
        for (int n = 0; n < batch; n++)
        {
            for (int i = 0; i < half; i++)
            {
                float exponent = (float)-Math.Log(10000) * i / (half - freqShift);
                float angle = timesteps[n] * (float)Math.Exp(exponent);
                y[(n * channels) + i] = flipSinToCos ? Math.Cos(angle) : Math.Sin(angle);
                y[(n * channels) + half + i] = flipSinToCos ? Math.Sin(angle) : Math.Cos(angle);
            }
        }

        return y;
    }
}
