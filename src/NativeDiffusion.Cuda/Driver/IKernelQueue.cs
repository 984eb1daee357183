using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.Cuda.Driver;

/// <summary>Where launchers send kernels: a stream, which runs them, or a graph, which remembers them. Both keep the order.</summary>
public interface IKernelQueue
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

/// <summary>Extent of a grid or a block.</summary>
public readonly record struct Dim3(int X, int Y = 1, int Z = 1)
{
    /// <summary>A line of so many.</summary>
    public static implicit operator Dim3(int x) => new(x);

    /// <summary>As (X, Y, Z).</summary>
    public override string ToString() => $"({X}, {Y}, {Z})";
}

/// <summary>What a launch asks for besides its sizes.</summary>
public readonly record struct LaunchOptions
{
    /// <summary>The most attributes that options become.</summary>
    public const int MaxAttributes = 3;

    /// <summary>
    /// It may begin before the kernel in front of it has ended, because it waits itself (griddepcontrol.wait) before it touches what that one wrote.
    /// </summary>
    public bool IsProgrammatic { get; init; }

    /// <summary>All blocks are on the card at once, so that they may wait for one another; refused where there is no room for them.</summary>
    public bool IsCooperative { get; init; }

    /// <summary>Lower goes first; null for the stream's own.</summary>
    public int? Priority { get; init; }

    /// <summary>Writes the options as the driver has them.</summary>
    /// <param name="attributes">Room for <see cref="MaxAttributes"/>.</param>
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
