using NativeDiffusion.Cli.Output;
using NativeDiffusion.Imaging;

namespace NativeDiffusion.Cli;

/// <summary>Converts an exception to a message on standard error and an exit code.</summary>
internal static class ErrorReport
{
    /// <summary>Reports an exception that ended a command.</summary>
    /// <param name="terminal">The output.</param>
    /// <param name="exception">The exception.</param>
    /// <returns>The exit code.</returns>
    public static int Write(Terminal terminal, Exception exception)
    {
        Exception cause = Unwrap(exception);
        int code = ExitCode(cause);
        terminal.Error(code == ExitCodes.Cancelled ? "stopped." : $"error: {Sentence(cause)}");
        if (terminal.Debug)
            terminal.Error(exception.ToString());
        else if (code == ExitCodes.Internal)
            terminal.Error("This is a bug in ndiff. Run the command again with --debug and report the output.");
        return code;
    }

    /// <summary>The exit code for an exception.</summary>
    public static int ExitCode(Exception exception) => exception switch
    {
        CliException cli => cli.ExitCode,
        OperationCanceledException => ExitCodes.Cancelled,
        ArgumentException => ExitCodes.Usage,
        CheckpointException or ImageFormatException or DeviceException or IOException or UnauthorizedAccessException => ExitCodes.Failed,
        InvalidDataException or NotSupportedException or OutOfMemoryException => ExitCodes.Failed,
        _ => ExitCodes.Internal,
    };

    /// <summary>The exception's message as one paragraph, without the parameter name that .NET appends.</summary>
    public static string Sentence(Exception exception)
    {
        string message = exception is OutOfMemoryException and not InsufficientMemoryException
            ? "Out of memory. Use a smaller picture or batch, or close other programs."
            : exception.Message;
        if (exception is ArgumentException { ParamName: { } name })
            message = message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal);
        return exception is CliException or CheckpointException ? message : message.ReplaceLineEndings(" ");
    }

    private static Exception Unwrap(Exception exception) => exception switch
    {
        AggregateException { InnerExceptions.Count: 1 } aggregate => Unwrap(aggregate.InnerExceptions[0]),
        AggregateException aggregate when aggregate.InnerExceptions.FirstOrDefault(e => Unwrap(e) is OperationCanceledException) is { } cancelled => cancelled,
        _ => exception,
    };
}
