using System.Text.RegularExpressions;
using NativeDiffusion.Testing;
using Xunit;

namespace NativeDiffusion.Tests.Rooms;

/// <summary>The walks of docs/architecture.md lead from file to file: each of them exists.</summary>
public sealed partial class WalkTests
{
    [Fact]
    public void Files_OfTheWalks_Exist()
    {
        string text = File.ReadAllText(Repository.PathOf("docs", "architecture.md"));
        string walks = text[text.IndexOf("## Four walks", StringComparison.Ordinal)..text.IndexOf("## A picture, from the top", StringComparison.Ordinal)];
        string[] files = [.. FileName().Matches(walks).Select(match => match.Groups[1].Value)];

        Assert.True(files.Length > 30, $"Only {files.Length} files were found in the walks.");
        string[] missing = [.. files.Where(file => !File.Exists(Repository.PathOf("src", "NativeDiffusion", file)) && !File.Exists(Repository.PathOf(file)))];
        Assert.True(missing.Length == 0, $"docs/architecture.md names files that do not exist: {string.Join(", ", missing)}.");
    }

    [GeneratedRegex("`([\\w./]+\\.(?:cs|cu))`")]
    private static partial Regex FileName();
}
