using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.Cuda.Driver;

/// <summary>
/// A CUDA graph: work that is recorded once and launched many times. Built node by node: each node added through the queue follows the one
/// before it; branches have explicit dependencies. Keeps the modules of its kernels alive. One thread at a time.
/// </summary>
public sealed unsafe class CudaGraph : CudaHandle, IKernelQueue
{
    private CUgraphNode _last;
    private bool _lastIsKernel;

    /// <summary>An empty graph.</summary>
    /// <param name="context">The context, entered.</param>
    /// <exception cref="CudaException">The call failed.</exception>
    public CudaGraph(CudaContext context)
        : base(context)
    {
        CUresult made = context.Driver.cuGraphCreate(out CUgraph graph, 0);
        Take(made, graph.Value, call: nameof(ICudaDriver.cuGraphCreate));
    }

    private CudaGraph(CudaContext context, CUresult made, CUgraph graph, IEnumerable<CudaHandle> needed)
        : base(context)
    {
        Take(made, graph.Value, call: nameof(ICudaDriver.cuStreamEndCapture));
        foreach (CudaHandle other in needed)
            Keep(other);
    }

    /// <summary>The driver's handle.</summary>
    public CUgraph Handle => new(Value);

    /// <summary>The node added last.</summary>
    public CUgraphNode Last => _last;

    internal static CudaGraph FromCapture(CudaStream stream, IEnumerable<CudaHandle> needed)
    {
        CUresult made = stream.Context.Driver.cuStreamEndCapture(stream.Handle, out CUgraph graph);
        return new CudaGraph(stream.Context, made, graph, needed);
    }

    /// <inheritdoc/>
    public void Launch(CudaFunction function, Dim3 grid, Dim3 block, int sharedBytes, params ReadOnlySpan<KernelArgument> arguments)
    {
        Span<CUgraphNode> after = [_last];
        AddKernel(function, grid, block, sharedBytes, _last == default ? [] : after, arguments);
    }

    /// <inheritdoc/>
    public void Launch(CudaFunction function, Dim3 grid, Dim3 block, int sharedBytes, LaunchOptions options, params ReadOnlySpan<KernelArgument> arguments)
    {
        CUgraphNode before = _last;
        bool overlaps = options.IsProgrammatic && _lastIsKernel;
        Span<CUgraphNode> after = [before];
        AddKernel(function, grid, block, sharedBytes, before == default || overlaps ? [] : after, arguments);
        if (overlaps)
            LinkProgrammatically(before, _last);
        // In a graph, overlap is an attribute of edges, all else of nodes.
        CUlaunchAttribute* attributes = stackalloc CUlaunchAttribute[LaunchOptions.MaxAttributes];
        int count = (options with { IsProgrammatic = false }).Write(attributes);
        for (int i = 0; i < count; i++)
            Context.Check(Context.Driver.cuGraphKernelNodeSetAttribute(_last, attributes[i].id, in attributes[i].value));
    }

    /// <summary>Adds a kernel that depends on some nodes.</summary>
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
            (_last, _lastIsKernel) = (made, true);
        }

        return _last;
    }

    /// <summary>Adds a fill with a byte.</summary>
    public CUgraphNode AddFill(DevicePointer to, byte value, long bytes, ReadOnlySpan<CUgraphNode> after)
    {
        CUDA_MEMSET_NODE_PARAMS node = Fill(to, value, bytes);
        CUgraphNode made;
        fixed (CUgraphNode* dependencies = after)
            Context.Check(Context.Driver.cuGraphAddMemsetNode(out made, Handle, dependencies, (nuint)after.Length, in node, Context.Handle));
        return Added(made);
    }

    /// <summary>Adds a copy within the device.</summary>
    public CUgraphNode AddCopy(DevicePointer from, DevicePointer to, long bytes, ReadOnlySpan<CUgraphNode> after)
    {
        CUDA_MEMCPY3D node = Copy(from, to, bytes);
        CUgraphNode made;
        fixed (CUgraphNode* dependencies = after)
            Context.Check(Context.Driver.cuGraphAddMemcpyNode(out made, Handle, dependencies, (nuint)after.Length, in node, Context.Handle));
        return Added(made);
    }

    /// <summary>Adds an empty node that depends on others: a join of branches.</summary>
    public CUgraphNode AddJoin(ReadOnlySpan<CUgraphNode> after)
    {
        CUgraphNode made;
        fixed (CUgraphNode* dependencies = after)
            Context.Check(Context.Driver.cuGraphAddEmptyNode(out made, Handle, dependencies, (nuint)after.Length));
        return Added(made);
    }

    /// <summary>Adds a copy of another graph, as one node.</summary>
    public CUgraphNode AddGraph(CudaGraph child, ReadOnlySpan<CUgraphNode> after)
    {
        Keep(child);
        CUgraphNode made;
        fixed (CUgraphNode* dependencies = after)
            Context.Check(Context.Driver.cuGraphAddChildGraphNode(out made, Handle, dependencies, (nuint)after.Length, child.Handle));
        return Added(made);
    }

    /// <summary>Instantiates the graph. It may be disposed of afterwards; the executable graph keeps it alive.</summary>
    public CudaGraphExec Instantiate() => new(this);

    /// <summary>Writes the graph in Graphviz's DOT format.</summary>
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

    internal static CUDA_MEMSET_NODE_PARAMS Fill(DevicePointer to, byte value, long bytes) =>
        new() { dst = to, value = value, elementSize = 1, width = (nuint)bytes, height = 1 };

    internal static CUDA_MEMCPY3D Copy(DevicePointer from, DevicePointer to, long bytes) => new()
    {
        srcMemoryType = CUmemorytype.CU_MEMORYTYPE_DEVICE,
        srcDevice = from,
        dstMemoryType = CUmemorytype.CU_MEMORYTYPE_DEVICE,
        dstDevice = to,
        WidthInBytes = (nuint)bytes,
        Height = 1,
        Depth = 1,
    };

    private protected override CUresult Destroy(ICudaDriver driver, nint value) => driver.cuGraphDestroy(new CUgraph(value));

    private CUgraphNode Added(CUgraphNode made)
    {
        (_last, _lastIsKernel) = (made, false);
        return made;
    }

    // A driver without such edges gets the ordinary one: slower, but equally correct.
    private void LinkProgrammatically(CUgraphNode before, CUgraphNode after)
    {
        var edge = new CUgraphEdgeData { from_port = CUgraphEdgeData.PortProgrammatic, type = CUgraphEdgeData.TypeProgrammatic };
        CUresult linked = Context.Driver.cuGraphAddDependencies(Handle, &before, &after, &edge, 1);
        if (linked == CUresult.CUDA_ERROR_CALL_REQUIRES_NEWER_DRIVER)
            linked = Context.Driver.cuGraphAddDependencies(Handle, &before, &after, null, 1);
        Context.Check(linked, nameof(ICudaDriver.cuGraphAddDependencies));
    }
}
