using System.Reflection;
using NativeDiffusion.Tests.Weights;
using Xunit;

namespace NativeDiffusion.Tests.Rooms;

/// <summary>An operation has one name in all its forms: Cpu/X.cs, its double-precision Reference/XReference.cs and its tests Cpu/XTests.cs.</summary>
public sealed class TwinTests
{
    private static readonly string s_tests = Path.Combine(Repository.Root, "tests", "NativeDiffusion.Tests");

    // The kernel that Conv2d and Linear are two faces of; it is tested through both.
    private static readonly string[] s_shared = ["Gemm"];

    private static IEnumerable<Type> Operations => typeof(CheckpointException).Assembly.GetTypes()
        .Where(
            type => type is { Namespace: "NativeDiffusion.Cpu", IsNested: false }
            && type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic).Any(method => method.Name == "Forward"))
        .Where(type => !s_shared.Contains(type.Name));

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
        string[] names = [.. typeof(CheckpointException).Assembly.GetTypes().Where(type => type.Namespace == "NativeDiffusion.Cpu").Select(type => type.Name)];

        // A part of an operation may have its own reference: Epilogue, of GemmEpilogue.
        List<string> orphans = [.. Directory.EnumerateFiles(folder, "*Reference.cs").Select(path => Path.GetFileName(path))
            .Where(file => !names.Any(name => name.EndsWith(file[..^"Reference.cs".Length], StringComparison.Ordinal)))];

        Assert.True(orphans.Count == 0, $"A reference without an operation is dead: {string.Join(", ", orphans)}.");
    }
}
