namespace NativeDiffusion.Verification;

/// <summary>exp(scale · x - m) / Σ exp(scale · x - m) per row, m = the largest, in double. Naive on purpose: do not optimise.</summary>
internal static class SoftmaxReference
{
    public static double[] Forward(ReadOnlySpan<float> x, int rows, int columns, float scale)
    {
        var y = new double[rows * columns];
        for (int r = 0; r < rows; r++)
        {
            double largest = double.NegativeInfinity, sum = 0;
            for (int c = 0; c < columns; c++)
                largest = Math.Max(largest, (double)scale * x[(r * columns) + c]);
            for (int c = 0; c < columns; c++)
                sum += Math.Exp(((double)scale * x[(r * columns) + c]) - largest);
            for (int c = 0; c < columns; c++)
                y[(r * columns) + c] = Math.Exp(((double)scale * x[(r * columns) + c]) - largest) / sum;
        }

        return y;
    }
}
