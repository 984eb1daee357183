using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.Cuda.Driver;

/// <summary>
/// An executable graph, for any number of launches. Keeps the graph and its kernels' modules. One launch at a time; updates between launches.
/// </summary>
public sealed unsafe class CudaGraphExec : CudaHandle
{
    internal CudaGraphExec(CudaGraph graph)
        : base(graph.Context)
    {
        CUresult made = Context.Driver.cuGraphInstantiate(out CUgraphExec exec, graph.Handle, CUgraphInstantiate_flags.CUDA_GRAPH_INSTANTIATE_FLAG_NONE);
        Take(made, exec.Value, call: nameof(ICudaDriver.cuGraphInstantiate));
        Keep(graph);
    }

    /// <summary>The driver's handle.</summary>
    public CUgraphExec Handle => new(Value);

    /// <summary>Runs the graph in the stream's order.</summary>
    public void Launch(CudaStream stream)
    {
        Context.Check(Context.Driver.cuGraphLaunch(Handle, stream.Handle));
        stream.Needs(this);
    }

    /// <summary>Uploads the graph to the device before its first launch.</summary>
    public void Upload(CudaStream stream) => Context.Check(Context.Driver.cuGraphUpload(Handle, stream.Handle));

    /// <summary>Changes a kernel's launch: same kernel, other grid or arguments.</summary>
    public void UpdateKernel(CUgraphNode node, CudaFunction function, Dim3 grid, Dim3 block, int sharedBytes, params ReadOnlySpan<KernelArgument> arguments)
    {
        function.Prepare(sharedBytes, arguments);
        Keep(function.Module);
        void** places = stackalloc void*[arguments.Length];
        fixed (KernelArgument* first = arguments)
        {
            KernelArgument.Places(first, arguments.Length, places);
            CUDA_KERNEL_NODE_PARAMS launch = CudaGraph.Kernel(function, grid, block, sharedBytes, places);
            CUresult changed = Context.Driver.cuGraphExecKernelNodeSetParams(Handle, node, in launch);
            if (changed != CUresult.CUDA_SUCCESS)
                Context.Check(changed, $"cuGraphExecKernelNodeSetParams of {function.Name}");
        }
    }

    /// <summary>Changes a fill.</summary>
    public void UpdateFill(CUgraphNode node, DevicePointer to, byte value, long bytes)
    {
        CUDA_MEMSET_NODE_PARAMS fill = CudaGraph.Fill(to, value, bytes);
        Context.Check(Context.Driver.cuGraphExecMemsetNodeSetParams(Handle, node, in fill, Context.Handle));
    }

    /// <summary>Changes a copy within the device.</summary>
    public void UpdateCopy(CUgraphNode node, DevicePointer from, DevicePointer to, long bytes)
    {
        CUDA_MEMCPY3D copy = CudaGraph.Copy(from, to, bytes);
        Context.Check(Context.Driver.cuGraphExecMemcpyNodeSetParams(Handle, node, in copy, Context.Handle));
    }

    /// <summary>Takes over everything from a graph of the same shape. Nodes to update are still those of the first graph.</summary>
    /// <returns>False if the shapes differ: then it is unchanged, and the graph must be instantiated again.</returns>
    public bool TryUpdate(CudaGraph graph)
    {
        CUresult updated = Context.Driver.cuGraphExecUpdate(Handle, graph.Handle, out _);
        if (updated == CUresult.CUDA_ERROR_GRAPH_EXEC_UPDATE_FAILURE)
            return false;
        Context.Check(updated, nameof(ICudaDriver.cuGraphExecUpdate));
        KeepWhatIsKeptBy(graph);
        return true;
    }

    private protected override CUresult Destroy(ICudaDriver driver, nint value) => driver.cuGraphExecDestroy(new CUgraphExec(value));
}
