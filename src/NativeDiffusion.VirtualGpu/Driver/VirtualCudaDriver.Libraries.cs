using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Driver;
using NativeDiffusion.VirtualGpu.Memory;

namespace NativeDiffusion.VirtualGpu;

/// <summary>Services for libraries on top of the driver.</summary>
public sealed unsafe partial class VirtualCudaDriver
{
    internal byte* TextOf(string text) => Text(text);

    internal bool IsDeviceRange(CUdeviceptr pointer, nuint bytes)
    {
        lock (_gate) return _space.Find(pointer.Value) is { IsFreed: false } allocation && allocation.Contains(pointer.Value, bytes);
    }

    internal bool IsCapturing(CUstream handle)
    {
        lock (_gate) return Enter(out VirtualDevice device) == CUresult.CUDA_SUCCESS && Stream(device, handle)?.Capture is not null;
    }

    internal void BreakCapture(CUstream handle, string call)
    {
        lock (_gate)
        {
            if (Enter(out VirtualDevice device) == CUresult.CUDA_SUCCESS && Stream(device, handle)?.Capture is { } capture) Invalidate(capture, call);
        }
    }

    /// <summary>Enqueues a library's work in a stream, or in the graph that it captures.</summary>
    internal CUresult Enqueue(CUstream handle, string name, Action<PendingWrites> action)
    {
        lock (_gate)
        {
            CUresult result = Enter(out VirtualDevice device);
            if (result != CUresult.CUDA_SUCCESS) return result;
            if (Stream(device, handle) is not { } stream) return CUresult.CUDA_ERROR_INVALID_HANDLE;
            // A broken context executes nothing any more.
            void Whole(LaunchedKernel self)
            {
                if (device.Broken != CUresult.CUDA_SUCCESS) return;
                var touched = new PendingWrites { Kernel = name };
                action(touched);
                self.LeftOpen = touched;
            }
            var self = new LaunchedKernel { Name = name };
            if (stream.Capture is not { } capture) return Add(device, stream, name, () => Whole(self), self);
            CaptureNode(capture, stream, CUgraphNodeType.CU_GRAPH_NODE_TYPE_HOST).Host = Whole;
            return CUresult.CUDA_SUCCESS;
        }
    }

    /// <summary>Executes a matrix product when its stream reaches it.</summary>
    /// <param name="product">The product to compute.</param>
    /// <param name="touched">Receives the ranges that it reads and writes.</param>
    internal void Multiply(MatrixProduct product, PendingWrites touched)
    {
        if (product.ScalarsOnDevice is var (alphaAt, betaAt))
        {
            var one = new ColumnLayout(1, product.Types.ScalarBytes, product.Types.ScalarBytes);
            byte* alpha = Matrix(alphaAt, one, "alpha", touched, true, false), beta = Matrix(betaAt, one, "beta", touched, true, false);
            if (alpha is null || beta is null) return;
            (float a, float b) = product.Types.Scalars(alpha, beta);
            product = product with { Alpha = a, Beta = b };
        }
        // Factors of a product with alpha = 0 are not read.
        bool readsFactors = product.Alpha != 0 && product.K > 0;
        for (int i = 0; i < product.Count; i++)
        {
            byte* a = readsFactors
                ? Matrix(product.A.Address + (ulong)(product.A.Stride * i * product.Types.FactorBytes), product.LayoutA, "A", touched, true, false) : null;
            byte* b = readsFactors
                ? Matrix(product.B.Address + (ulong)(product.B.Stride * i * product.Types.FactorBytes), product.LayoutB, "B", touched, true, false) : null;
            byte* c = Matrix(
                product.C.Address + (ulong)(product.C.Stride * i * product.Types.ResultBytes), product.LayoutC, "C", touched, product.Beta != 0, true);
            if (c is null || (readsFactors && (a is null || b is null))) return;
            (readsFactors ? product : product with { K = 0 }).Multiply(a, b, c);
        }
    }

    private byte* Matrix(ulong address, ColumnLayout layout, string name, PendingWrites touched, bool isRead, bool isWritten)
    {
        if (Range(address, (nuint)layout.Extent, $"cublasGemmEx, matrix {name},") is not { } allocation) return null;
        ulong start = address - allocation.Address;
        foreach ((long offset, long bytes) in layout.Stretches())
        {
            ulong from = start + (ulong)offset;
            touched.Add(allocation, from, bytes, isWritten);
            if (!isRead) allocation.Initialized.Mark(from, (ulong)bytes);
            else if (allocation.Initialized.FirstMissing(from, (ulong)bytes) is >= 0 and var missing)
            {
                ulong unwritten = allocation.Address + (ulong)missing;
                _findings.Add(
                    Finding.Of(FindingKind.UninitializedGlobal, $"cublasGemmEx: uninitialized read of matrix {name} at 0x{unwritten:X}.") with
                    {
                        Address = unwritten,
                    });
                break;
            }
        }
        return allocation.Bytes + start;
    }
}
