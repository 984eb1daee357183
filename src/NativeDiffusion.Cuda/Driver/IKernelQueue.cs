using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.Cuda.Driver;

/// <summary>The destination of kernel launches: a stream, which runs them, or a graph, which records them. Both keep the order.</summary>
public interface IKernelQueue
{
    /// <summary>The context that the queue belongs to.</summary>
    CudaContext Context { get; }

    /// <summary>Adds a kernel after all previously added work.</summary>
    /// <param name="function">The kernel.</param>
    /// <param name="grid">Blocks.</param>
    /// <param name="block">Threads per block.</param>
    /// <param name="sharedBytes">Dynamic shared memory per block.</param>
    /// <param name="arguments">In the order of the kernel's parameters.</param>
    void Launch(CudaFunction function, Dim3 grid, Dim3 block, int sharedBytes, params ReadOnlySpan<KernelArgument> arguments);

    /// <summary>Adds a kernel after all previously added work, with options.</summary>
    /// <param name="function">The kernel.</param>
    /// <param name="grid">Blocks.</param>
    /// <param name="block">Threads per block.</param>
    /// <param name="sharedBytes">Dynamic shared memory per block.</param>
    /// <param name="options">The launch options.</param>
    /// <param name="arguments">In the order of the kernel's parameters.</param>
    void Launch(CudaFunction function, Dim3 grid, Dim3 block, int sharedBytes, LaunchOptions options, params ReadOnlySpan<KernelArgument> arguments);
}

/// <summary>Extent of a grid or a block.</summary>
public readonly record struct Dim3(int X, int Y = 1, int Z = 1)
{
    /// <summary>A one-dimensional extent.</summary>
    public static implicit operator Dim3(int x) => new(x);

    /// <summary>As (X, Y, Z).</summary>
    public override string ToString() => $"({X}, {Y}, {Z})";
}

/// <summary>The options of a launch besides its sizes.</summary>
public readonly record struct LaunchOptions
{
    /// <summary>Maximum number of launch attributes.</summary>
    public const int MaxAttributes = 3;

    /// <summary>
    /// Programmatic dependent launch: the kernel may start before its predecessor ends, and waits itself (griddepcontrol.wait) before it uses its results.
    /// </summary>
    public bool IsProgrammatic { get; init; }

    /// <summary>Cooperative launch: all blocks are resident at once and may synchronize; the launch fails if they do not fit.</summary>
    public bool IsCooperative { get; init; }

    /// <summary>Priority, lower values first; null for the stream's own.</summary>
    public int? Priority { get; init; }

    /// <summary>Writes the options as the driver's attributes.</summary>
    /// <param name="attributes">Space for <see cref="MaxAttributes"/>.</param>
    /// <returns>Their number.</returns>
    public unsafe int Write(CUlaunchAttribute* attributes)
    {
        int count = 0;
        if (IsProgrammatic)
            attributes[count++] =
                new CUlaunchAttribute
                {
                    id = CUlaunchAttributeID.CU_LAUNCH_ATTRIBUTE_PROGRAMMATIC_STREAM_SERIALIZATION,
                    value = new() { programmaticStreamSerializationAllowed = 1 }
                };
        if (IsCooperative)
            attributes[count++] = new CUlaunchAttribute { id = CUlaunchAttributeID.CU_LAUNCH_ATTRIBUTE_COOPERATIVE, value = new() { cooperative = 1 } };
        if (Priority is int priority)
            attributes[count++] = new CUlaunchAttribute { id = CUlaunchAttributeID.CU_LAUNCH_ATTRIBUTE_PRIORITY, value = new() { priority = priority } };
        return count;
    }
}
