namespace NativeDiffusion.Solvers;

/// <summary>Evenly spaced numbers, rounded as numpy and torch round them: it decides to which of two neighbours a half rounds.</summary>
internal static class Linspace
{
    /// <summary>numpy.linspace in double: start + i·step, the last entry exactly the end.</summary>
    public static double[] Doubles(double start, double end, int count)
    {
        double[] values = new double[count];
        double step = count > 1 ? (end - start) / (count - 1) : 0;
        for (int i = 0; i < count; i++) values[i] = i * step + start;
        if (count > 1) values[^1] = end;
        return values;
    }

    /// <summary>torch.linspace in float32: counted from both ends towards the middle, each entry one fused multiply-add, as torch's builds have it.</summary>
    public static float[] Floats(float start, float end, int count)
    {
        float[] values = new float[count];
        if (count == 1) return [start];
        float step = (end - start) / (count - 1);
        for (int i = 0; i < count; i++) values[i] = i < count / 2 ? MathF.FusedMultiplyAdd(step, i, start) : MathF.FusedMultiplyAdd(-step, count - i - 1, end);
        return values;
    }

    /// <summary>numpy.arange in double with a negative step: start, start - step, … while above zero.</summary>
    public static double[] DownTo0(double start, double step)
    {
        // The second entry is computed first and its difference is repeated, as numpy fills an arange.
        int count = (int)Math.Ceiling((0 - start) / -step);
        double delta = start - step - start;
        double[] values = new double[Math.Max(count, 0)];
        for (int i = 0; i < values.Length; i++) values[i] = i == 0 ? start : start + i * delta;
        return values;
    }
}
