using NativeDiffusion.Cuda.Driver;

namespace NativeDiffusion.Testing.Kernels;

/// <summary>Memory on the card, given back together: zeros, or numbers where they are asked for, since a card multiplies zeros at less power.</summary>
/// <param name="context">The card.</param>
/// <param name="stream">What fills it.</param>
/// <param name="random">Where halves come from; null for zeros.</param>
internal sealed class BudgetMemory(CudaContext context, CudaStream stream, Random? random = null) : IDisposable
{
    private readonly List<DeviceBuffer> _buffers = [];

    public CudaDeviceProperties Device => context.Device;

    public DevicePointer Halves(long count)
    {
        DevicePointer pointer = Bytes(2 * count);
        if (random is null) return pointer;
        var values = new Half[checked((int)count)];
        for (int i = 0; i < values.Length; i++) values[i] = (Half)((2 * random.NextSingle()) - 1);
        stream.Upload<Half>(values, pointer);
        return pointer;
    }

    public DevicePointer Floats(long count) => Bytes(4 * count);

    public DevicePointer Bytes(long bytes)
    {
        var buffer = new DeviceBuffer(context, bytes);
        _buffers.Add(buffer);
        stream.Fill(buffer.Pointer, 0, bytes);
        return buffer.Pointer;
    }

    public void Dispose()
    {
        foreach (DeviceBuffer buffer in _buffers) buffer.Dispose();
    }
}
