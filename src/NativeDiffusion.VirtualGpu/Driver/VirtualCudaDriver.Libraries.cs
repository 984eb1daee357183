using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Driver;
using NativeDiffusion.VirtualGpu.Memory;

namespace NativeDiffusion.VirtualGpu;

/// <summary>What libraries on top of the driver need of it.</summary>
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

    /// <summary>Puts a library's work into a stream, or into the graph that it captures.</summary>
    internal CUresult Enqueue(CUstream handle, string name, Action action)
    {
        lock (_gate)
        {
            CUresult result = Enter(out VirtualDevice device);
            if (result != CUresult.CUDA_SUCCESS) return result;
            if (Stream(device, handle) is not { } stream) return CUresult.CUDA_ERROR_INVALID_HANDLE;
            // A broken context does nothing any more.
            Action whole = () =>
            {
                if (device.Broken == CUresult.CUDA_SUCCESS) action();
            };
            if (stream.Capture is not { } capture) return Add(device, stream, name, whole);
            CaptureNode(capture, stream, CUgraphNodeType.CU_GRAPH_NODE_TYPE_HOST).Host = whole;
            return CUresult.CUDA_SUCCESS;
        }
    }

    /// <summary>A matrix product, when its turn in the stream has come.</summary>
    internal void Multiply(MatrixProduct product)
    {
        for (int i = 0; i < product.Count; i++)
        {
            byte* a = Matrix(product.A.Address, product.A.Stride * i * product.Types.FactorBytes, product.BytesA, "A", true);
            byte* b = Matrix(product.B.Address, product.B.Stride * i * product.Types.FactorBytes, product.BytesB, "B", true);
            byte* c = Matrix(product.C.Address, product.C.Stride * i * product.Types.ResultBytes, product.BytesC, "C", product.Beta != 0);
            if (a is null || b is null || c is null) return;
            product.Multiply(a, b, c);
        }
    }

    private byte* Matrix(ulong address, long offset, long bytes, string name, bool isRead)
    {
        address += (ulong)offset;
        if (Range(address, (nuint)bytes, $"cublasGemmEx, matrix {name},") is not { } allocation) return null;
        ulong start = address - allocation.Address;
        if (!isRead) allocation.Initialized.Mark(start, (ulong)bytes);
        else if (allocation.Initialized.FirstMissing(start, (ulong)bytes) is >= 0 and var missing)
        {
            _findings.Add(new Finding
            {
                Kind = FindingKind.UninitializedGlobal,
                Message = $"cublasGemmEx reads matrix {name} at 0x{allocation.Address + (ulong)missing:X}, which nobody wrote.",
                Address = allocation.Address + (ulong)missing,
            });
        }
        return allocation.Bytes + start;
    }
}
