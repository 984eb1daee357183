using System.Globalization;
using NativeDiffusion.Cli.Models;
using NativeDiffusion.Testing;
using NativeDiffusion.Verification;
using Xunit;

namespace NativeDiffusion.Tests.Verify;

/// <summary>Every golden of tests/goldens, by the code of <c>ndiff verify</c>: one test a file, all its misses in one message.</summary>
public sealed class GoldenTests
{
    private static readonly GoldenVerifier s_verifier = new(
        new VerifyOptions(Repository.Goldens) { ModelsFolder = new ModelLocator([Repository.Goldens], null, Repository.Root).FolderWithModels(), Full = true },
        GoldenChecks.All);

    public static TheoryData<string> Files() => [.. s_verifier.Files.Select(file => file.Name)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Verify_EveryCase_IsWithinItsBudget(string name)
    {
        List<GoldenOutcome> outcomes = [.. s_verifier.Run(s_verifier.Files.Single(file => file.Name == name), null, TestContext.Current.CancellationToken)];

        List<GoldenOutcome> misses = [.. outcomes.Where(outcome => outcome.Result.Verdict == VerifyVerdict.Missed)];
        Assert.True(
            misses.Count == 0,
            string.Create(CultureInfo.InvariantCulture, $"{misses.Count} of {outcomes.Count} cases of {name} missed their budget:\n")
            + string.Join(
                '\n', misses.Take(20).Select(
                miss => string.Create(
                CultureInfo.InvariantCulture,
                $"  {miss.Name}: error {miss.Result.Error:0.00e+0}, budget {miss.Result.Budget:0.00e+0}. {miss.Result.Detail}"))));
        List<GoldenOutcome> skips = [.. outcomes.Where(outcome => outcome.Result.Verdict == VerifyVerdict.Skipped)];
        Assert.SkipWhen(skips.Count == outcomes.Count, skips.Count == 0 ? $"{name} has no cases." : $"{name}: {skips[0].Result.Detail}");
    }
}
