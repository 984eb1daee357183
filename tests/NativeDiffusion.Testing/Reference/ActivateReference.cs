using NativeDiffusion.Tensors;

namespace NativeDiffusion.Testing.Reference;

/// <summary>An activation of rows in double; GEGLU: the first half of a row times GELU of the second. Naive on purpose: do not optimise.</summary>
internal static class ActivateReference
{
    public static double[] Forward(ReadOnlySpan<float> x, int rows, int channels, Activation activation)
    {
        int width = activation == Activation.GeGlu ? channels / 2 : channels;
        var y = new double[rows * width];
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < width; c++)
            {
                double value = x[(r * channels) + c];
                y[(r * width) + c] = activation == Activation.GeGlu
                    ? value * ActivationReference.Forward(x[(r * channels) + width + c], activation) : ActivationReference.Forward(value, activation);
            }
        }

        return y;
    }
}
