using System.Runtime.InteropServices;
using System.Text;
using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Cuda.Kernels;
using NativeDiffusion.VirtualGpu.Devices;
using NativeDiffusion.VirtualGpu.Execution;
using NativeDiffusion.VirtualGpu.Tests.Support;

namespace NativeDiffusion.VirtualGpu.Tests.Kernels;

/// <summary>Runs products through a variant's PTX, the one that ships unless another is given, on a card that would run it.</summary>
internal sealed class GemmRun
{
    private readonly GemmVariant _variant;

    public GemmRun(GemmVariant variant, int capability, ExecutionOptions options, string? ptx = null)
    {
        _variant = variant;
        Device = new TestDevice(ptx ?? Shipped(variant, capability), options, DeviceModel.Of(capability));
    }

    public TestDevice Device { get; }

    /// <summary>Halves between the end of a row of A and the next, and elements between two rows of y; of B there are twice as many.</summary>
    public int Gap { get; init; }

    /// <summary>Elements between the start of a buffer and the first row.</summary>
    public int Shift { get; init; }

    /// <summary>Launches, fails where anything was found, and gives y: [rows, outputs].</summary>
    public double[] Launch(GemmProblem problem)
    {
        GemmSegment[] segments = [.. problem.Depths.Select((depth, i) => new GemmSegment
        {
            A = Operand(problem.A[i], problem.Rows, depth, depth + Gap), B = Operand(problem.B[i], problem.Outputs, depth, depth + (2 * Gap)),
            AStride = depth + Gap, BStride = depth + (2 * Gap), Depth = depth,
        })];
        int yStride = problem.Outputs + Gap;
        return _variant.IsFloat ? Launch(problem, segments, yStride, value => (float)value) : Launch(problem, segments, yStride, value => value);
    }

    private double[] Launch<T>(GemmProblem problem, GemmSegment[] segments, int yStride, Func<Half, T> convert)
        where T : unmanaged, System.Numerics.INumberBase<T>
    {
        // Between the rows of y lies what must stay.
        T guard = T.CreateChecked(12345);
        T[] residual = problem.HasResidual ? [.. problem.Residual.Select(convert)] : [];
        int residualStride = problem.IsResidualApart ? yStride + Gap : yStride;
        DeviceArray<T> y = Rows(problem.IsResidualApart ? [] : residual, problem.Rows, problem.Outputs, yStride, guard);
        DevicePointer first = First(y), second = problem.IsResidualApart ? First(Rows(residual, problem.Rows, problem.Outputs, residualStride, guard)) : first;
        var list = new GemmSegments(segments);
        var epilogue = new GemmEpilogue
        {
            Bias = problem.HasBias ? new DevicePointer(Device.Upload([.. new float[Shift], .. problem.Bias]).Address + (ulong)(Shift * sizeof(float)))
                : default,
            Residual = problem.HasResidual ? second : default,
            ResidualStride = problem.HasResidual ? residualStride : 0,
            Activation = problem.Activation,
        };
        Assert.Equal(_variant.IsAligned, GemmKernel.IsAligned(list, epilogue, first, yStride, problem.Outputs, _variant.IsFloat));

        (int rows, int columns) = _variant.Tile.Blocks(problem.Rows, problem.Outputs);
        Device.Launch(
            "gemm_f16", new Dimensions((uint)rows, (uint)columns, 1), new Dimensions((uint)_variant.Tile.Threads, 1, 1), _variant.Tile.SharedBytes,
            Bytes(list, problem.Depths.Count), Bytes(epilogue), first.Address, yStride, problem.Rows, problem.Outputs);
        Device.Clean();
        return Result(y.Span, problem, yStride, guard);
    }

    private double[] Result<T>(ReadOnlySpan<T> y, GemmProblem problem, int yStride, T guard)
        where T : unmanaged, System.Numerics.INumberBase<T>
    {
        var result = new double[problem.Rows * problem.Outputs];
        Assert.True(y[..Shift].IndexOfAnyExcept(guard) < 0, "y was written before its first row.");
        for (int row = 0; row < problem.Rows; row++)
        {
            ReadOnlySpan<T> line = y.Slice(Shift + (row * yStride), yStride);
            for (int o = 0; o < problem.Outputs; o++) result[(row * problem.Outputs) + o] = double.CreateChecked(line[o]);
            Assert.True(line[problem.Outputs..].IndexOfAnyExcept(guard) < 0, $"y was written behind row {row}.");
        }
        return result;
    }

    private DevicePointer Operand(Half[] values, int rows, int depth, int stride) => First(Rows(values, rows, depth, stride, Half.Zero));

    // Rows with gaps that nobody may read: what lies there was never written. No values: nor were the rows.
    private DeviceArray<T> Rows<T>(T[] values, int rows, int width, int stride, T gap)
        where T : unmanaged
    {
        int size = Marshal.SizeOf<T>();
        DeviceArray<T> array = Device.Allocate<T>(Math.Max(1, Shift + (rows * stride)));
        array.Span.Fill(gap);
        for (int row = 0; row < rows && values.Length > 0; row++)
        {
            int start = Shift + (row * stride);
            values.AsSpan(row * width, width).CopyTo(array.Span[start..]);
            array.Allocation.Initialized.Mark((ulong)(start * size), (ulong)(width * size));
        }
        array.Allocation.Initialized.Consolidate();
        return array;
    }

    private DevicePointer First<T>(DeviceArray<T> array)
        where T : unmanaged => new(array.Address + (ulong)(Shift * Marshal.SizeOf<T>()));

    private static string Shipped(GemmVariant variant, int capability) => Encoding.UTF8.GetString(
        KernelList.ShippedPtx.Read(ShippedPtx.FileName(variant.Compilation, capability))
            ?? throw new ArgumentException($"No PTX ships of {variant.Compilation} for {capability}."));

    // Segments that are not there are nobody's business.
    private static byte[] Bytes(GemmSegments segments, int count)
    {
        byte[] bytes = Bytes(segments);
        bytes.AsSpan()[(count * Marshal.SizeOf<GemmSegment>())..(GemmSegments.Most * Marshal.SizeOf<GemmSegment>())].Fill(0x5A);
        return bytes;
    }

    private static byte[] Bytes<T>(T value)
        where T : unmanaged => MemoryMarshal.AsBytes([value]).ToArray();
}
