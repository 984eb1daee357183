namespace NativeDiffusion;

/// <summary>A kernel did not compile, or its PTX was rejected by the driver.</summary>
public sealed class KernelCompilationException : DeviceException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">The complete message for the user, with the first error's place in the source.</param>
    /// <param name="kernel">The kernel's source file, such as <c>group_norm.cu</c>.</param>
    /// <param name="options">The compiler's options.</param>
    /// <param name="log">The compiler's log.</param>
    public KernelCompilationException(string message, string kernel, IReadOnlyList<string> options, string log)
        : base(message)
    {
        Kernel = kernel;
        Options = options;
        Log = log;
    }

    /// <summary>The kernel's source file, such as <c>group_norm.cu</c>.</summary>
    public string Kernel { get; }

    /// <summary>The compiler's options.</summary>
    public IReadOnlyList<string> Options { get; }

    /// <summary>The compiler's log.</summary>
    public string Log { get; }
}
