using System.Collections.Concurrent;
using System.Numerics.Tensors;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Weights;

/// <summary>Finds NaN and infinity in weights, as from failed merges or half-precision overflow.</summary>
public static class NonFiniteScan
{
    /// <summary>Reads all tensors.</summary>
    /// <param name="weights">The tensors.</param>
    /// <param name="progress">Receives the fraction of tensors done, from 0 to 1.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <returns><returns>Tensors with non-finite numbers, by name.</returns></returns>
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

    /// <summary>Requires that all weights are finite.</summary>
    /// <param name="weights">The tensors.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <exception cref="CheckpointException">A tensor holds NaN or infinity; the message names the first.</exception>
    public static void Require(IWeightSource weights, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<NonFiniteTensor> found = Find(weights, null, cancellationToken);
        if (found.Count > 0) throw Refuse(weights.Description, found[0], found.Count - 1);
    }

    /// <summary>Requires that numbers are finite; costs one pass over cached data.</summary>
    /// <param name="file">The file, for the message.</param>
    /// <param name="name">The tensor.</param>
    /// <param name="numbers">Its numbers.</param>
    /// <exception cref="CheckpointException">One is NaN or infinite.</exception>
    internal static void Require(string file, string name, ReadOnlySpan<float> numbers)
    {
        if (Count(name, numbers) is { } tensor) throw Refuse(file, tensor, 0);
    }

    /// <summary>The same of numbers in a narrower type.</summary>
    internal static void Require(string file, string name, ReadOnlySpan<byte> stored, DType dtype)
    {
        const int Piece = 4096;
        float[] numbers = new float[Piece];
        for (int start = 0, size = dtype.Size(); start < stored.Length; start += Piece * size)
        {
            ReadOnlySpan<byte> piece = stored[start..Math.Min(stored.Length, start + Piece * size)];
            StoredNumbers.ToSingle(piece, dtype, numbers.AsSpan(0, piece.Length / size));
            Require(file, name, numbers.AsSpan(0, piece.Length / size));
        }
    }

    private static NonFiniteTensor? Scan(IWeightSource weights, string name)
    {
        if (!weights.TryGet(name, out TensorShape shape, out DType dtype) || dtype.IsInteger()) return null;
        float[] numbers = new float[shape.Count];
        weights.Read(name, shape, numbers);
        return Count(name, numbers);
    }

    private static NonFiniteTensor? Count(string name, ReadOnlySpan<float> numbers)
    {
        if (numbers.IsEmpty || TensorPrimitives.IsFiniteAll(numbers)) return null;
        (long nans, long infinities, long first) = (0, 0, -1);
        for (int i = 0; i < numbers.Length; i++)
        {
            if (float.IsFinite(numbers[i])) continue;
            if (first < 0) first = i;
            if (float.IsNaN(numbers[i])) nans++;
            else infinities++;
        }

        return new NonFiniteTensor(name, nans, infinities, first);
    }

    private static CheckpointException Refuse(string file, NonFiniteTensor tensor, int others) => new(
        $"{file}: tensor '{tensor.Name}' must hold numbers, but has {tensor.NaNs} NaN and {tensor.Infinities} infinite, the first at "
            + $"{tensor.First}{(others == 0 ? "" : $"; {others} more tensors do, too")}.",
        file,
        tensor.Name);
}
