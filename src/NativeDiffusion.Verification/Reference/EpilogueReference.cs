using NativeDiffusion.Cpu;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Verification;

/// <summary>act(sum + bias + imageBias) + residual in double; GEGLU: value · gelu(gate), values in the first half. Naive on purpose: do not optimise.</summary>
internal static class EpilogueReference
{
    public static double[] Forward(
        double[] sums, ReadOnlySpan<float> bias, ReadOnlySpan<float> imageBias, ReadOnlySpan<float> residual, Activation activation, int rows, int rowsPerImage,
            int outputs)
    {
        int width = activation == Activation.GeGlu ? outputs / 2 : outputs;
        var y = new double[rows * width];
        for (int row = 0; row < rows; row++)
        {
            for (int o = 0; o < width; o++)
            {
                double x = Biased(sums, bias, imageBias, row, rowsPerImage, outputs, o);
                x = activation == Activation.GeGlu
                    ? x * ActivateReference.Forward(Biased(sums, bias, imageBias, row, rowsPerImage, outputs, width + o), Activation.Gelu)
                    : ActivateReference.Forward(x, activation);
                y[(row * width) + o] = x + (residual.IsEmpty ? 0 : residual[(row * width) + o]);
            }
        }

        return y;
    }

    private static double Biased(double[] sums, ReadOnlySpan<float> bias, ReadOnlySpan<float> imageBias, int row, int rowsPerImage, int outputs, int o) =>
        sums[(row * outputs) + o] + (bias.IsEmpty ? 0 : bias[o]) + (imageBias.IsEmpty ? 0 : imageBias[(row / rowsPerImage * outputs) + o]);
}
