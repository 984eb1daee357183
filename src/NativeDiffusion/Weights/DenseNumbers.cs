using System.Numerics;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Weights;

/// <summary>
/// Reads contiguous numbers of a file in pieces, so that a large tensor does not have all its pages in memory
/// beside its converted numbers.
/// </summary>
internal static class DenseNumbers
{
    private const int PieceBytes = 1 << 24;

    /// <summary>Converts stored bytes to numbers.</summary>
    /// <typeparam name="T">The element type of the destination.</typeparam>
    public delegate void Conversion<T>(ReadOnlySpan<byte> stored, DType dtype, Span<T> destination);

    /// <summary>Reads and converts.</summary>
    /// <param name="file">The file.</param>
    /// <param name="offset">The first byte.</param>
    /// <param name="dtype">The stored type.</param>
    /// <param name="destination">Receives the numbers; its length is their count.</param>
    /// <param name="convert">One of <see cref="StoredNumbers"/>' conversions.</param>
    public static void Read<T>(MappedFile file, long offset, DType dtype, Span<T> destination, Conversion<T> convert)
        where T : unmanaged, INumber<T>
    {
        int piece = PieceBytes / dtype.Size();
        for (int done = 0; done < destination.Length;)
        {
            int count = Math.Min(piece, destination.Length - done);
            using MappedView view = file.View(offset + ((long)done * dtype.Size()), count * dtype.Size());
            convert(view.Span, dtype, destination.Slice(done, count));
            done += count;
        }
    }
}
