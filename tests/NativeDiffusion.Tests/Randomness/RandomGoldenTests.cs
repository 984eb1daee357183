using NativeDiffusion.Testing;
using NativeDiffusion.Verification;
using Xunit;

namespace NativeDiffusion.Tests.Randomness;

public sealed class RandomGoldenTests
{
    [Theory]
    [InlineData("random-torch-cpu.safetensors", 90)]
    [InlineData("random-a1111-nv.safetensors", 18)]
    [InlineData("random-brownian.json", 16)]
    public void EveryCase_IsWithinItsBudget(string file, int leastCases)
    {
        string folder = Repository.Goldens;
        IGoldenCheck check = Assert.Single(GoldenChecks.All, check => check.Handles(file));
        var context = new VerifyContext(folder, null, "cpu", 0, TestContext.Current.CancellationToken);
        VerifyCase[] cases = [.. check.Cases(Path.Combine(folder, file))];
        Assert.True(cases.Length >= leastCases, $"{file} has only {cases.Length} cases.");
        (string Name, VerifyResult Result)[] results = [.. cases.Select(one => (one.Name, one.Run(context)))];
        TestContext.Current.TestOutputHelper?.WriteLine($"worst of {results.Length}: {results.Max(one => one.Result.Error):g3}");
        Assert.All(results, one => Assert.True(one.Result.Verdict == VerifyVerdict.Passed, $"{one.Name}: {one.Result}"));
    }
}
