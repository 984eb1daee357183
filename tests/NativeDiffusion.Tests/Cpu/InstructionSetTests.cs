using System.Diagnostics;
using NativeDiffusion.Testing;
using Xunit;

namespace NativeDiffusion.Tests.Cpu;

/// <summary>
/// The same bytes on every instruction set: the operations run again in child processes whose runtime is configured not to use
/// some instructions. A child is this test program, run with a single test.
/// </summary>
public sealed class InstructionSetTests
{
    private const string HashesFile = "NDIFF_TEST_HASHES";

    [Fact]
    public void Operations_OneThreadOrThree_HaveTheSameBytes()
    {
        IReadOnlyList<string> lines = OperationHashes.Lines(3);
        if (Environment.GetEnvironmentVariable(HashesFile) is { } path)
            File.WriteAllLines(path, lines);
        else
            Assert.Equal(OperationHashes.Lines(1), lines);
    }

    [Theory]
    [InlineData("DOTNET_EnableAVX512")]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    public async Task Operations_WithoutInstructions_HaveTheSameBytes(string variable)
    {
        string path = Path.Combine(Path.GetTempPath(), $"ndiff-hashes-{Guid.NewGuid():n}.txt");
        try
        {
            var start = new ProcessStartInfo(Environment.ProcessPath!);
            // Either the runtime host was given this assembly, or the program is the assembly's own executable.
            if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
                start.ArgumentList.Add(typeof(InstructionSetTests).Assembly.Location);
            start.ArgumentList.Add("-method");
            start.ArgumentList.Add($"{typeof(InstructionSetTests).FullName}.{nameof(Operations_OneThreadOrThree_HaveTheSameBytes)}");
            start.Environment[variable] = "0";
            start.Environment[HashesFile] = path;
            FinishedProcess child = await FinishedProcess.RunAsync(start);
            Assert.True(child.ExitCode == 0 && File.Exists(path), $"The child process failed:\n{child.Output}{child.Error}");
            Assert.Equal(OperationHashes.Lines(2), await File.ReadAllLinesAsync(path, TestContext.Current.CancellationToken));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
