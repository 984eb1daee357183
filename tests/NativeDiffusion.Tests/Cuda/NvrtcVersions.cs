using Xunit;

namespace NativeDiffusion.Tests.Cuda;

/// <summary>The compilers that tests may use: folders named by the environment, absent on most machines.</summary>
internal static class NvrtcVersions
{
    /// <summary>The folder that a variable names; skips the test when it is not set.</summary>
    public static string Folder(string variable)
    {
        string? folder = Environment.GetEnvironmentVariable(variable);
        Assert.SkipWhen(string.IsNullOrEmpty(folder), $"{variable} does not name a folder.");
        return folder!;
    }
}
