using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.Cuda.Driver;

/// <summary>A graph ready to launch, as often as wanted. Keeps the modules of its kernels alive. One launch at a time; updates between launches.</summary>
internal sealed unsafe class CudaGraphExec : CudaHandle
{
    private readonly CudaModule[] _modules;

    internal CudaGraphExec(CudaGraph graph)
        : base(graph.Context)
    {
        _modules = [.. graph.Modules];
        CUresult made = Context.Driver.cuGraphInstantiate(out CUgraphExec exec, graph.Handle, CUgraphInstantiate_flags.CUDA_GRAPH_INSTANTIATE_FLAG_NONE);
        Take(made, exec.Value, call: nameof(ICudaDriver.cuGraphInstantiate));
        // They cannot be closed yet: the graph still holds them.
        foreach (CudaModule module in _modules)
        {
            bool held = false;
            module.DangerousAddRef(ref held);
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
            Context.Check(Context.Driver.cuGraphExecKernelNodeSetParams(Handle, node, in launch), $"cuGraphExecKernelNodeSetParams of {function.Name}");
        }
    }

    protected override CUresult Destroy(ICudaDriver driver, nint value) => driver.cuGraphExecDestroy(new CUgraphExec(value));

    protected override void ReleaseOthers()
    {
        foreach (CudaModule module in _modules)
            module.DangerousRelease();
    }
}
