using System.Reflection;
using NativeDiffusion.Tests.Weights;
using Xunit;

namespace NativeDiffusion.Tests.Rooms;

/// <summary>An operation has one name in all its forms: Cpu/X.cs, its double-precision Reference/XReference.cs and its tests Cpu/XTests.cs.</summary>
public sealed class TwinTests
{
    private static readonly string s_tests = Path.Combine(Repository.Root, "tests", "NativeDiffusion.Tests");

    private static IEnumerable<Type> Operations => typeof(CheckpointException).Assembly.GetTypes()
        .Where(type => type is { Namespace: "NativeDiffusion.Cpu", IsNested: false } && type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic).Any(method => method.Name == "Forward"));

    [Fact]
    public void Operation_OnTheCpu_HasAReferenceAndTests()
    {
        List<string> missing = [.. Operations.SelectMany(type => (string[])[$"Reference/{type.Name}Reference.cs", $"Cpu/{type.Name}Tests.cs"])
            .Where(path => !File.Exists(Path.Combine(s_tests, path)))];

        Assert.True(missing.Count == 0, $"Every operation has its twins; these are missing below tests/NativeDiffusion.Tests: {string.Join(", ", missing)}.");
    }

    [Fact]
    public void Reference_OfEveryOperation_BelongsToOne()
    {
        string folder = Path.Combine(s_tests, "Reference");
        Assert.SkipUnless(Directory.Exists(folder), "There are no references yet.");
        HashSet<string> names = [.. Operations.Select(type => type.Name)];

        List<string> orphans = [.. Directory.EnumerateFiles(folder, "*Reference.cs").Select(path => Path.GetFileName(path)).Where(file => !names.Contains(file[..^"Reference.cs".Length]))];

        Assert.True(orphans.Count == 0, $"A reference without an operation is dead: {string.Join(", ", orphans)}.");
    }
}
