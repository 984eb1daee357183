using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.Cuda.Driver;

/// <summary>A graph ready to launch, as often as wanted. Keeps the graph, and so its kernels' modules. One launch at a time; updates between launches.</summary>
internal sealed unsafe class CudaGraphExec : CudaHandle
{
    private readonly CudaGraph _graph;

    internal CudaGraphExec(CudaGraph graph)
        : base(graph.Context)
    {
        _graph = graph;
        CUresult made = Context.Driver.cuGraphInstantiate(out CUgraphExec exec, graph.Handle, CUgraphInstantiate_flags.CUDA_GRAPH_INSTANTIATE_FLAG_NONE);
        bool held = false;
        graph.DangerousAddRef(ref held);
        try
        {
            Take(made, exec.Value, call: nameof(ICudaDriver.cuGraphInstantiate));
        }
        catch
        {
            graph.DangerousRelease();
            throw;
        }
    }

    public CUgraphExec Handle => new(Value);

    /// <summary>Runs the graph in the stream's order.</summary>
    public void Launch(CudaStream stream) => Context.Check(Context.Driver.cuGraphLaunch(Handle, stream.Handle));

    /// <summary>Moves the graph to the card ahead of its first launch.</summary>
    public void Upload(CudaStream stream) => Context.Check(Context.Driver.cuGraphUpload(Handle, stream.Handle));

    /// <summary>Changes a kernel's launch: same kernel, other grid or arguments.</summary>
    public void UpdateKernel(CUgraphNode node, CudaFunction function, Dim3 grid, Dim3 block, int sharedBytes, params ReadOnlySpan<KernelArgument> arguments)
    {
        function.Prepare(sharedBytes, arguments);
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

    protected override CUresult Destroy(ICudaDriver driver, nint value) => driver.cuGraphExecDestroy(new CUgraphExec(value));

    protected override void ReleaseOthers() => _graph.DangerousRelease();
}
