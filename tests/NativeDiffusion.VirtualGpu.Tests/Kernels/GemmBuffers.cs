using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Cuda.Kernels;

namespace NativeDiffusion.VirtualGpu.Tests.Kernels;

/// <summary>A problem's matrices in a card's memory, without gaps, and room for its result. The calling thread has entered the context.</summary>
internal sealed class GemmBuffers : IDisposable
{
    private readonly List<DeviceBuffer> _buffers = [];
    private readonly GemmProblem _problem;
    private readonly CudaContext _context;
    private readonly bool _isFloat;

    public GemmBuffers(CudaContext context, GemmProblem problem, bool isFloat)
    {
        (_context, _problem, _isFloat) = (context, problem, isFloat);
        Stream = new CudaStream(context);
        Segments = new GemmSegments([.. problem.Depths.Select((depth, i) => new GemmSegment
        {
            A = Upload(problem.A[i]), B = Upload(problem.B[i]), AStride = depth, BStride = depth, Depth = depth,
        })]);
        Epilogue = new GemmEpilogue { Bias = problem.HasBias ? Upload(problem.Bias) : default, Activation = problem.Activation };
        Y = Allocate(problem.Rows * problem.Outputs * (isFloat ? sizeof(float) : sizeof(ushort)));
    }

    public CudaStream Stream { get; }

    public GemmSegments Segments { get; }

    public GemmEpilogue Epilogue { get; }

    public DevicePointer Y { get; }

    /// <summary>The result, when the stream has come to it.</summary>
    public double[] Download()
    {
        int count = _problem.Rows * _problem.Outputs;
        return _isFloat ? [.. Read<float>(count).Select(value => (double)value)] : [.. Read<Half>(count).Select(value => (double)value)];
    }

    public void Dispose()
    {
        foreach (DeviceBuffer buffer in _buffers) buffer.Dispose();
        Stream.Dispose();
    }

    private T[] Read<T>(int count)
        where T : unmanaged
    {
        var values = new T[count];
        Stream.Download(Y, values.AsSpan());
        Stream.Synchronize();
        return values;
    }

    private DevicePointer Upload<T>(T[] values)
        where T : unmanaged
    {
        DevicePointer pointer = Allocate(values.Length * System.Runtime.CompilerServices.Unsafe.SizeOf<T>());
        Stream.Upload<T>(values, pointer);
        return pointer;
    }

    private DevicePointer Allocate(int bytes)
    {
        var buffer = new DeviceBuffer(_context, bytes);
        _buffers.Add(buffer);
        return buffer.Pointer;
    }
}
