using NativeDiffusion.Cli;
using NativeDiffusion.Cli.Output;
using NativeDiffusion.Imaging;
using Xunit;

namespace NativeDiffusion.Tests.Cli;

public sealed class ErrorReportTests
{
    public static TheoryData<Exception, int> Cases() => new()
    {
        { new CliException("sentence", ExitCodes.Usage), ExitCodes.Usage },
        { new CheckpointException("sentence", "file"), ExitCodes.Failed },
        { new IOException("sentence"), ExitCodes.Failed },
        { new ImageFormatException("is no picture", "sentence"), ExitCodes.Failed },
        { new DeviceException("sentence"), ExitCodes.Failed },
        { new ArgumentException("sentence", "steps"), ExitCodes.Usage },
        { new ArgumentOutOfRangeException("steps", "sentence"), ExitCodes.Usage },
        { new OperationCanceledException("sentence"), ExitCodes.Cancelled },
        { new AggregateException(new IOException("sentence")), ExitCodes.Failed },
        { new InvalidOperationException("sentence"), ExitCodes.Internal },
    };

    [Theory]
    [MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public void Write_AnException_IsASentenceWithoutStackTrace(Exception exception, int expected)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        int code = ErrorReport.Write(new Terminal(output, error), exception);

        Assert.Equal(expected, code);
        Assert.DoesNotContain("Parameter", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error.ToString(), StringComparison.Ordinal);
        Assert.StartsWith(code == ExitCodes.Cancelled ? "stopped." : "error: sentence", error.ToString(), StringComparison.Ordinal);
        Assert.Empty(output.ToString());
    }

    [Fact]
    public void Write_Debug_ShowsTheException()
    {
        using var error = new StringWriter();

        ErrorReport.Write(new Terminal(TextWriter.Null, error, debug: true), new IOException("sentence"));

        Assert.Contains(typeof(IOException).FullName!, error.ToString(), StringComparison.Ordinal);
    }
}
