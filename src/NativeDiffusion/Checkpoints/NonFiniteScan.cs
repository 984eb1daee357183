using System.Collections.Concurrent;
using System.Numerics.Tensors;
using NativeDiffusion.Tensors;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Checkpoints;

/// <summary>Looks for NaN and infinity in weights: merges that went wrong, half precision that overflowed.</summary>
public static class NonFiniteScan
{
    /// <summary>Reads all tensors.</summary>
    /// <param name="weights">The tensors.</param>
    /// <param name="progress">Told the share of tensors that is done, from 0 to 1.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Those that are not all numbers, by name.</returns>
    /// <exception cref="CheckpointException">A tensor cannot be read.</exception>
    public static IReadOnlyList<NonFiniteTensor> Find(IWeightSource weights, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var found = new ConcurrentBag<NonFiniteTensor>();
        int done = 0;
        var options = new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
        try
        {
            Parallel.ForEach(weights.Names, options, name =>
            {
                if (Scan(weights, name) is { } tensor) found.Add(tensor);
                progress?.Report((double)Interlocked.Increment(ref done) / weights.Names.Count);
            });
        }
        catch (AggregateException exception) when (exception.InnerException is CheckpointException inner)
        {
            throw new CheckpointException(inner.Message, inner.File, inner.Key, inner);
        }

        return [.. found.OrderBy(tensor => tensor.Name, StringComparer.Ordinal)];
    }

    /// <summary>Demands that all weights are numbers.</summary>
    /// <param name="weights">The tensors.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="CheckpointException">A tensor holds NaN or infinity; the message names the first.</exception>
    public static void Require(IWeightSource weights, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<NonFiniteTensor> found = Find(weights, null, cancellationToken);
        if (found.Count == 0) return;
        NonFiniteTensor first = found[0];
        string others = found.Count == 1 ? "" : $"; {found.Count - 1} more tensors do, too";
        throw new CheckpointException($"{weights.Description}: tensor '{first.Name}' must hold numbers, but has {first.NaNs} NaN and {first.Infinities} infinite, the first at {first.First}{others}.", weights.Description, first.Name);
    }

    private static NonFiniteTensor? Scan(IWeightSource weights, string name)
    {
        if (!weights.TryGet(name, out TensorShape shape, out DType dtype) || dtype.IsInteger()) return null;
        float[] numbers = new float[shape.Count];
        weights.Read(name, numbers);
        if (numbers.Length == 0 || TensorPrimitives.IsFiniteAll<float>(numbers)) return null;
        return new NonFiniteTensor(name, numbers.LongCount(float.IsNaN), numbers.LongCount(float.IsInfinity), Array.FindIndex(numbers, number => !float.IsFinite(number)));
    }
}
