using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.Cuda.Driver;

/// <summary>
/// Work that is written down once and launched many times. Built node by node: each node added through the queue follows the one
/// before it; branches name what they wait for. Keeps the modules of its kernels alive. One thread at a time.
/// </summary>
internal sealed unsafe class CudaGraph : CudaHandle, IKernelQueue
{
    // Modules of its kernels, and graphs that are nodes of it.
    private readonly HashSet<CudaHandle> _kept = [];
    private CUgraphNode _last;

    public CudaGraph(CudaContext context)
        : base(context)
    {
        CUresult made = context.Driver.cuGraphCreate(out CUgraph graph, 0);
        Take(made, graph.Value, call: nameof(ICudaDriver.cuGraphCreate));
    }

    private CudaGraph(CudaContext context, CUresult made, CUgraph graph)
        : base(context) => Take(made, graph.Value, call: nameof(ICudaDriver.cuStreamEndCapture));

    public CUgraph Handle => new(Value);

    /// <summary>The node added last.</summary>
    public CUgraphNode Last => _last;

    internal static CudaGraph FromCapture(CudaStream stream)
    {
        CUresult made = stream.Context.Driver.cuStreamEndCapture(stream.Handle, out CUgraph graph);
        return new CudaGraph(stream.Context, made, graph);
    }

    /// <inheritdoc/>
    public void Launch(CudaFunction function, Dim3 grid, Dim3 block, int sharedBytes, params ReadOnlySpan<KernelArgument> arguments)
    {
        Span<CUgraphNode> after = [_last];
        AddKernel(function, grid, block, sharedBytes, _last == default ? [] : after, arguments);
    }

    /// <summary>Adds a kernel that waits for some nodes.</summary>
    public CUgraphNode AddKernel(
        CudaFunction function, Dim3 grid, Dim3 block, int sharedBytes, ReadOnlySpan<CUgraphNode> after, params ReadOnlySpan<KernelArgument> arguments)
    {
        function.Prepare(sharedBytes, arguments);
        Keep(function.Module);
        void** places = stackalloc void*[arguments.Length];
        fixed (KernelArgument* first = arguments)
        fixed (CUgraphNode* dependencies = after)
        {
            KernelArgument.Places(first, arguments.Length, places);
            CUDA_KERNEL_NODE_PARAMS node = Kernel(function, grid, block, sharedBytes, places);
            CUresult added = Context.Driver.cuGraphAddKernelNode(out CUgraphNode made, Handle, dependencies, (nuint)after.Length, in node);
            if (added != CUresult.CUDA_SUCCESS)
                Context.Check(added, $"cuGraphAddKernelNode of {function.Name}, grid {grid}, block {block}, {sharedBytes} bytes of shared memory,");
            _last = made;
        }

        return _last;
    }

    /// <summary>Adds a fill with a byte.</summary>
    public CUgraphNode AddFill(DevicePointer to, byte value, long bytes, ReadOnlySpan<CUgraphNode> after)
    {
        var node = new CUDA_MEMSET_NODE_PARAMS { dst = to, value = value, elementSize = 1, width = (nuint)bytes, height = 1 };
        fixed (CUgraphNode* dependencies = after)
            Context.Check(Context.Driver.cuGraphAddMemsetNode(out _last, Handle, dependencies, (nuint)after.Length, in node, Context.Handle));
        return _last;
    }

    /// <summary>Adds a copy within the card.</summary>
    public CUgraphNode AddCopy(DevicePointer from, DevicePointer to, long bytes, ReadOnlySpan<CUgraphNode> after)
    {
        var node = new CUDA_MEMCPY3D
        {
            srcMemoryType = CUmemorytype.CU_MEMORYTYPE_DEVICE,
            srcDevice = from,
            dstMemoryType = CUmemorytype.CU_MEMORYTYPE_DEVICE,
            dstDevice = to,
            WidthInBytes = (nuint)bytes,
            Height = 1,
            Depth = 1,
        };
        fixed (CUgraphNode* dependencies = after)
            Context.Check(Context.Driver.cuGraphAddMemcpyNode(out _last, Handle, dependencies, (nuint)after.Length, in node, Context.Handle));
        return _last;
    }

    /// <summary>Adds a copy of another graph, as one node.</summary>
    public CUgraphNode AddGraph(CudaGraph child, ReadOnlySpan<CUgraphNode> after)
    {
        fixed (CUgraphNode* dependencies = after)
            Context.Check(Context.Driver.cuGraphAddChildGraphNode(out _last, Handle, dependencies, (nuint)after.Length, child.Handle));
        Keep(child);
        return _last;
    }

    /// <summary>Makes it ready to launch. The graph may be disposed of afterwards; it lives on with what it was made into.</summary>
    public CudaGraphExec Instantiate() => new(this);

    /// <summary>Writes the graph as a drawing for Graphviz.</summary>
    public void WriteDot(string path) =>
        Context.Check(Context.Driver.cuGraphDebugDotPrint(Handle, path, CUgraphDebugDot_flags.CU_GRAPH_DEBUG_DOT_FLAGS_KERNEL_NODE_PARAMS));

    internal static CUDA_KERNEL_NODE_PARAMS Kernel(CudaFunction function, Dim3 grid, Dim3 block, int sharedBytes, void** places) => new()
    {
        func = function.Handle,
        gridDimX = (uint)grid.X,
        gridDimY = (uint)grid.Y,
        gridDimZ = (uint)grid.Z,
        blockDimX = (uint)block.X,
        blockDimY = (uint)block.Y,
        blockDimZ = (uint)block.Z,
        sharedMemBytes = (uint)sharedBytes,
        kernelParams = places,
    };

    protected override CUresult Destroy(ICudaDriver driver, nint value) => driver.cuGraphDestroy(new CUgraph(value));

    protected override void ReleaseOthers()
    {
        foreach (CudaHandle kept in _kept)
            kept.DangerousRelease();
    }

    private void Keep(CudaHandle other)
    {
        if (!_kept.Add(other))
            return;
        bool held = false;
        other.DangerousAddRef(ref held);
    }
}
