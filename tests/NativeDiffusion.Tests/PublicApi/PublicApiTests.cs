using NativeDiffusion.Tests.Weights;
using PublicApiGenerator;
using Xunit;

namespace NativeDiffusion.Tests.PublicApi;

/// <summary>
/// The public API is what NativeDiffusion.txt holds: a change of one is a change of both, seen in review.
/// NDIFF_UPDATE_API=1 rewrites the file.
/// </summary>
public sealed class PublicApiTests
{
    private const string Update = "NDIFF_UPDATE_API";
    private static readonly string s_file = Path.Combine(Repository.Root, "tests", "NativeDiffusion.Tests", "PublicApi", "NativeDiffusion.txt");

    [Fact]
    public async Task Api_OfTheLibrary_IsTheCommittedOne()
    {
        string actual = typeof(CheckpointException).Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }).ReplaceLineEndings("\n").Trim() + "\n";
        if (Environment.GetEnvironmentVariable(Update) == "1")
            await File.WriteAllTextAsync(s_file, actual, TestContext.Current.CancellationToken);

        string[] expected = (await File.ReadAllTextAsync(s_file, TestContext.Current.CancellationToken)).ReplaceLineEndings("\n").Split('\n');
        string[] found = actual.Split('\n');
        List<string> difference = [.. expected.Except(found).Select(line => $"- {line.Trim()}"), .. found.Except(expected).Select(line => $"+ {line.Trim()}")];
        Assert.True(
            expected.SequenceEqual(found),
            $"The public API is not what tests/NativeDiffusion.Tests/PublicApi/NativeDiffusion.txt says. If that is meant, run this test with {Update}=1, read the difference, and tell it in the changelog.\n{string.Join('\n', difference.Take(40))}");
    }
}
