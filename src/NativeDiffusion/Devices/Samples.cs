using NativeDiffusion.Tensors;

namespace NativeDiffusion.Devices;

/// <summary>Whole samples of a batch.</summary>
internal static class Samples
{
    /// <summary>How many samples a number of elements is.</summary>
    /// <param name="shape">The whole batch's.</param>
    /// <param name="length">The elements.</param>
    /// <param name="firstSample">The sample at which they begin.</param>
    /// <param name="what">What they belong to, for the message.</param>
    /// <param name="parameter">The caller's parameter.</param>
    /// <exception cref="ArgumentException">They are not whole samples, or go past the batch.</exception>
    public static int Check(TensorShape shape, int length, int firstSample, string what, string parameter)
    {
        long size = shape.Count / shape[0];
        if (length == 0 || length % size != 0 || firstSample < 0 || firstSample + length / size > shape[0])
            throw new ArgumentException(
                $"{what} has shape {shape}, so {size} numbers a sample, but {length} were given for sample {firstSample} and what follows.", parameter);
        return (int)(length / size);
    }
}
