using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NativeDiffusion.Cuda.Driver;

namespace NativeDiffusion.Verification;

/// <summary>Where a kernel writes its result: rows of numbers, with a pattern around them that must stay.</summary>
internal sealed class KernelOutput
{
    /// <summary>The pattern of unwritten bytes: as halves and floats it is far from any result.</summary>
    public const byte Pattern = 0x7A;

    private readonly Func<CudaStream, double[]> _download;

    private KernelOutput(DevicePointer pointer, int width, Func<KernelOutput, CudaStream, double[]> download)
    {
        (Pointer, Width) = (pointer, width);
        _download = stream => download(this, stream);
    }

    /// <summary>The first row's first number.</summary>
    public DevicePointer Pointer { get; }

    /// <summary>Numbers of a row.</summary>
    public int Width { get; }

    /// <summary>What was written outside of the rows, as the last download saw it; null for nothing.</summary>
    public string? Damage { get; private set; }

    /// <summary>Rows in a card's memory.</summary>
    /// <param name="start">Where its memory begins.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="width">Numbers of a row.</param>
    /// <param name="stride">Numbers from the start of a row to that of the next.</param>
    /// <param name="shift">Numbers before the first row.</param>
    public static KernelOutput Of<T>(DevicePointer start, int rows, int width, int stride, int shift)
        where T : unmanaged, System.Numerics.INumberBase<T> =>
        new(start + ((long)shift * Unsafe.SizeOf<T>()), width, (output, stream) => output.Download<T>(stream, start, rows, stride, shift));

    /// <summary>The rows without what lies between them, when the stream has come to it: [rows, width].</summary>
    public double[] Download(CudaStream stream) => _download(stream);

    private double[] Download<T>(CudaStream stream, DevicePointer start, int rows, int stride, int shift)
        where T : unmanaged, System.Numerics.INumberBase<T>
    {
        var values = new T[shift + (rows * stride)];
        stream.Download<T>(start, values);
        stream.Synchronize();
        Damage = IsWhole<T>(values.AsSpan(0, shift)) ? null : "y was written before its first row.";
        double[] result = new double[rows * Width];
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<T> line = values.AsSpan(shift + (row * stride), stride);
            for (int i = 0; i < Width; i++) result[(row * Width) + i] = double.CreateChecked(line[i]);
            if (!IsWhole(line[Width..])) Damage ??= $"y was written behind row {row}.";
        }

        return result;
    }

    private static bool IsWhole<T>(ReadOnlySpan<T> gap)
        where T : unmanaged => MemoryMarshal.AsBytes(gap).IndexOfAnyExcept(Pattern) < 0;
}
