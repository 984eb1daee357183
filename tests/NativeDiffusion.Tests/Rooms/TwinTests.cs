using System.Reflection;
using NativeDiffusion.Testing;
using Xunit;

namespace NativeDiffusion.Tests.Rooms;

/// <summary>
/// An operation has one name in all its forms: Cpu/X.cs, its tests Cpu/XTests.cs, and in NativeDiffusion.Verification its double-precision
/// Reference/XReference.cs.
/// </summary>
public sealed class TwinTests
{
    private static readonly string s_tests = Path.Combine(Repository.Root, "tests", "NativeDiffusion.Tests");
    private static readonly string s_references = Path.Combine(Repository.Root, "src", "NativeDiffusion.Verification", "Reference");

    // The implementation of Conv2d and Linear; it is tested through both.
    private static readonly string[] s_shared = ["Gemm"];

    private static IEnumerable<Type> Operations => typeof(CheckpointException).Assembly.GetTypes()
        .Where(
            type => type is { Namespace: "NativeDiffusion.Cpu", IsNested: false }
            && type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic).Any(method => method.Name == "Forward"))
        .Where(type => !s_shared.Contains(type.Name));

    [Fact]
    public void Operation_OnTheCpu_HasAReferenceAndTests()
    {
        List<string> missing = [.. Operations
            .SelectMany(type => (string[])[Path.Combine(s_references, $"{type.Name}Reference.cs"), Path.Combine(s_tests, "Cpu", $"{type.Name}Tests.cs")])
            .Where(path => !File.Exists(path)).Select(path => Path.GetRelativePath(Repository.Root, path))];

        Assert.True(missing.Count == 0, $"Every operation needs its tests and its reference; these are missing: {string.Join(", ", missing)}.");
    }

    [Fact]
    public void Reference_OfEveryOperation_BelongsToOne()
    {
        string[] names = [.. typeof(CheckpointException).Assembly.GetTypes().Where(type => type.Namespace == "NativeDiffusion.Cpu").Select(type => type.Name)];

        // A part of an operation may have its own reference: Epilogue, of GemmEpilogue.
        List<string> orphans = [.. Directory.EnumerateFiles(s_references, "*Reference.cs").Select(path => Path.GetFileName(path))
            .Where(file => !names.Any(name => name.EndsWith(file[..^"Reference.cs".Length], StringComparison.Ordinal)))];

        Assert.True(orphans.Count == 0, $"A reference without an operation is dead code: {string.Join(", ", orphans)}.");
    }
}
