namespace NativeDiffusion.Cli;

/// <summary>Ends a command with a message for the user and an exit code.</summary>
internal sealed class CliException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong and what to do.</param>
    /// <param name="exitCode">One of <see cref="ExitCodes"/>.</param>
    /// <param name="innerException">The cause, shown by <c>--debug</c>.</param>
    public CliException(string message, int exitCode = ExitCodes.Failed, Exception? innerException = null)
        : base(message, innerException) => ExitCode = exitCode;

    /// <summary>The exit code of the process.</summary>
    public int ExitCode { get; }
}
