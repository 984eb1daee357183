using System.Runtime.CompilerServices;
using NativeDiffusion.Cuda.Driver;

namespace NativeDiffusion.Verification;

/// <summary>Operands of launches in a card's memory, given back together. The calling thread has entered the context.</summary>
/// <param name="context">The card.</param>
/// <param name="stream">What fills it.</param>
/// <param name="hasData">False for zeros in place of all data, where launches are counted only: nothing is generated then.</param>
internal sealed class KernelMemory(CudaContext context, CudaStream stream, bool hasData = true) : IDisposable
{
    private readonly List<DeviceBuffer> _buffers = [];

    /// <summary>Memory of zeros; none for no bytes.</summary>
    public DevicePointer Zeros(long bytes)
    {
        if (bytes == 0) return default;
        DevicePointer pointer = Allocate(bytes);
        stream.Fill(pointer, 0, bytes);
        return pointer;
    }

    /// <summary>Memory with numbers; none for no numbers.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="values">Makes them.</param>
    public DevicePointer Upload<T>(long count, Func<T[]> values)
        where T : unmanaged => count == 0 ? default : Rows(1, checked((int)count), checked((int)count), 0, values);

    /// <summary>Rows of numbers. The memory before the first and between two rows is uninitialized, and a kernel must not read it.</summary>
    /// <param name="rows">How many rows.</param>
    /// <param name="width">Numbers of a row; 0 for memory that no kernel may read at all.</param>
    /// <param name="stride">Numbers from the start of a row to that of the next.</param>
    /// <param name="shift">Numbers before the first row.</param>
    /// <param name="values">Makes them: [rows, width].</param>
    /// <returns>The first row's first number.</returns>
    public DevicePointer Rows<T>(int rows, int width, int stride, int shift, Func<T[]> values)
        where T : unmanaged
    {
        int size = Unsafe.SizeOf<T>();
        long bytes = (shift + ((long)rows * stride)) * size;
        if (!hasData) return Zeros(bytes) + ((long)shift * size);
        DevicePointer first = Allocate(bytes) + ((long)shift * size);
        Write(first, rows, width, stride, values());
        return first;
    }

    /// <summary>Room for a result, with a pattern before, between and behind its rows that must stay.</summary>
    /// <param name="rows">How many rows.</param>
    /// <param name="width">Numbers of a row.</param>
    /// <param name="stride">Numbers from the start of a row to that of the next.</param>
    /// <param name="shift">Numbers before the first row.</param>
    /// <param name="values">What lies there before: [rows, width]; null for the pattern.</param>
    public KernelOutput Output<T>(int rows, int width, int stride, int shift = 0, Func<T[]>? values = null)
        where T : unmanaged, System.Numerics.INumberBase<T>
    {
        int size = Unsafe.SizeOf<T>();
        long bytes = (shift + ((long)rows * stride)) * size;
        DevicePointer start = hasData ? Allocate(bytes) : Zeros(bytes), first = start + ((long)shift * size);
        if (hasData) stream.Fill(start, KernelOutput.Pattern, bytes);
        if (hasData && values is not null) Write(first, rows, width, stride, values());
        return KernelOutput.Of<T>(start, rows, width, stride, shift);
    }

    public void Dispose()
    {
        foreach (DeviceBuffer buffer in _buffers) buffer.Dispose();
    }

    private void Write<T>(DevicePointer first, int rows, int width, int stride, T[] values)
        where T : unmanaged
    {
        if (width == 0) return;
        if (stride == width)
        {
            stream.Upload<T>(values, first);
            return;
        }

        for (int row = 0; row < rows; row++)
            stream.Upload<T>(values.AsSpan(row * width, width), first + ((long)row * stride * Unsafe.SizeOf<T>()));
    }

    private DevicePointer Allocate(long bytes)
    {
        var buffer = new DeviceBuffer(context, bytes);
        _buffers.Add(buffer);
        return buffer.Pointer;
    }
}
