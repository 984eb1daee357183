using NativeDiffusion.Tensors;

namespace NativeDiffusion.Devices;

/// <summary>Whole samples of a batch.</summary>
internal static class Samples
{
    /// <summary>The number of samples in a number of elements.</summary>
    /// <param name="shape">The whole batch's.</param>
    /// <param name="length">The elements.</param>
    /// <param name="firstSample">The first sample.</param>
    /// <param name="what">Name of the tensor, for the message.</param>
    /// <param name="parameter">The caller's parameter.</param>
    /// <exception cref="ArgumentException">They are not whole samples, or exceed the batch.</exception>
    public static int Check(TensorShape shape, int length, int firstSample, string what, string parameter)
    {
        long size = shape.Count / shape[0];
        if (length == 0 || length % size != 0 || firstSample < 0 || firstSample + length / size > shape[0])
            throw new ArgumentException(
                $"{what} has shape {shape}, so {size} numbers per sample, but {length} were given from sample {firstSample} on.", parameter);
        return (int)(length / size);
    }
}
