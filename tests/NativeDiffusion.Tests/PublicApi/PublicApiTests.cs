using NativeDiffusion.Cuda;
using NativeDiffusion.Testing;
using NativeDiffusion.Verification;
using NativeDiffusion.VirtualGpu;
using PublicApiGenerator;
using Xunit;

namespace NativeDiffusion.Tests.PublicApi;

/// <summary>
/// The public API of each package is what the file of its name holds: a change of one is a change of both, seen in review.
/// NDIFF_UPDATE_API=1 rewrites the files.
/// </summary>
public sealed class PublicApiTests
{
    private const string Update = "NDIFF_UPDATE_API";

    [Theory]
    [InlineData(typeof(CheckpointException))]
    [InlineData(typeof(GoldenVerifier))]
    [InlineData(typeof(ICudaBackend))]
    [InlineData(typeof(VirtualCudaDriver))]
    public async Task Api_OfThePackage_IsTheCommittedOne(Type member)
    {
        string name = $"tests/NativeDiffusion.Tests/PublicApi/{member.Assembly.GetName().Name}.txt", file = Path.Combine(Repository.Root, name);
        string actual = member.Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }).ReplaceLineEndings("\n").Trim() + "\n";
        if (Environment.GetEnvironmentVariable(Update) == "1")
            await File.WriteAllTextAsync(file, actual, TestContext.Current.CancellationToken);

        string[] expected = (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ReplaceLineEndings("\n").Split('\n');
        string[] found = actual.Split('\n');
        List<string> difference = [.. expected.Except(found).Select(line => $"- {line.Trim()}"), .. found.Except(expected).Select(line => $"+ {line.Trim()}")];
        Assert.True(
            expected.SequenceEqual(found),
            $"The public API is not what {name} says. If that is meant, run this test with {Update}=1, read the difference, and tell it in the "
                + $"changelog.\n{string.Join('\n', difference.Take(40))}");
    }
}
