namespace NativeDiffusion.Cuda.Driver;

/// <summary>Where launchers send kernels: a stream, which runs them, or a graph, which remembers them. Both keep the order.</summary>
internal interface IKernelQueue
{
    /// <summary>The context that the queue belongs to.</summary>
    CudaContext Context { get; }

    /// <summary>Adds a kernel after all that was added before.</summary>
    /// <param name="function">The kernel.</param>
    /// <param name="grid">Blocks.</param>
    /// <param name="block">Threads a block.</param>
    /// <param name="sharedBytes">Dynamic shared memory a block.</param>
    /// <param name="arguments">In the order of the kernel's parameters.</param>
    void Launch(CudaFunction function, Dim3 grid, Dim3 block, int sharedBytes, params ReadOnlySpan<KernelArgument> arguments);

    /// <summary>Adds a kernel after all that was added before, with options.</summary>
    /// <param name="function">The kernel.</param>
    /// <param name="grid">Blocks.</param>
    /// <param name="block">Threads a block.</param>
    /// <param name="sharedBytes">Dynamic shared memory a block.</param>
    /// <param name="options">What else the launch asks for.</param>
    /// <param name="arguments">In the order of the kernel's parameters.</param>
    void Launch(CudaFunction function, Dim3 grid, Dim3 block, int sharedBytes, LaunchOptions options, params ReadOnlySpan<KernelArgument> arguments);
}
