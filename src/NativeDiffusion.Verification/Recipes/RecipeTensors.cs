using System.Text;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Verification;

/// <summary>
/// Tensors rebuilt from their names, as the goldens' README states: FNV-1a over the name seeds splitmix64,
/// whose upper 24 bits form a number v in [-1, 1) that is exact in float32.
/// </summary>
public static class RecipeTensors
{
    private const double Sqrt3 = 1.7320508075688772;

    /// <summary>An input: float32(v · √3), variance one.</summary>
    /// <param name="name">The whole name, prefix included.</param>
    /// <param name="count">How many numbers.</param>
    /// <returns>The numbers, float32, in the order of the dense row-major tensor.</returns>
    public static float[] Input(string name, long count)
    {
        ArgumentNullException.ThrowIfNull(name);
        float[] data = new float[count];
        Fill(name, data, Sqrt3, 0);
        return data;
    }

    /// <summary>A weight: fan-in scaling for matrices and convolutions, near one for norms, small for biases.</summary>
    /// <param name="name">The whole name, prefix included.</param>
    /// <param name="shape">Its shape in PyTorch's layout: the outputs first, or one extent for norms and biases.</param>
    /// <param name="destination">As many numbers as the shape has, float32, row-major.</param>
    public static void Weight(string name, TensorShape shape, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (shape.Rank >= 2)
        {
            double fanIn = 1;
            for (int i = 1; i < shape.Rank; i++) fanIn *= shape[i];
            Fill(name, destination, Math.Sqrt(3 / fanIn), 0);
        }
        else if (name.EndsWith(".weight", StringComparison.Ordinal)) Fill(name, destination, 0.1, 1);
        else Fill(name, destination, 0.05, 0);
    }

    private static void Fill(string name, Span<float> destination, double scale, double offset)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (byte letter in Encoding.UTF8.GetBytes(name)) hash = (hash ^ letter) * 0x100000001B3;
        ulong state = hash;
        for (int i = 0; i < destination.Length; i++)
        {
            state += 0x9E3779B97F4A7C15;
            ulong z = state;
            z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
            z = (z ^ z >> 27) * 0x94D049BB133111EB;
            z ^= z >> 31;
            double v = (z >> 40) * (1.0 / 8388608) - 1;
            destination[i] = (float)(offset + v * scale);
        }
    }
}
