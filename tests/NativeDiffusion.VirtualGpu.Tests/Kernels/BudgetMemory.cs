using NativeDiffusion.Cuda.Driver;

namespace NativeDiffusion.VirtualGpu.Tests.Kernels;

/// <summary>Zeros on the card, given back together.</summary>
internal sealed class BudgetMemory(CudaContext context, CudaStream stream) : IDisposable
{
    private readonly List<DeviceBuffer> _buffers = [];

    public DevicePointer Halves(long count) => Bytes(2 * count);

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
