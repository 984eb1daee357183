using NativeDiffusion.Testing;
using NativeDiffusion.Verification;
using Xunit;

namespace NativeDiffusion.Tests.Text;

/// <summary>Runs a golden file as <c>ndiff verify</c> does.</summary>
internal static class GoldenCases
{
    public static void AllPass(IGoldenCheck check, string file)
    {
        string folder = Path.Combine(Repository.Root, "tests", "goldens");
        Assert.True(check.Handles(file));
        var context = new VerifyContext(folder, Path.Combine(Repository.Root, "models"), "cpu", 0, TestContext.Current.CancellationToken);
        int count = 0;
        foreach (VerifyCase item in check.Cases(Path.Combine(folder, file)))
        {
            VerifyResult result = item.Run(context);
            Assert.True(result.Verdict == VerifyVerdict.Passed, $"{item.Name}: {result.Verdict}, error {result.Error} of {result.Budget}, {result.Detail}");
            count++;
        }
        Assert.NotEqual(0, count);
    }
}
