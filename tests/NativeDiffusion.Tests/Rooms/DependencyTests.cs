using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace NativeDiffusion.Tests.Rooms;

/// <summary>Rooms of the library are its folders; who may use whom is the table in docs/architecture.md, repeated here.</summary>
public sealed class DependencyTests
{
    // Exceptions are in everyone's reach. The root, where the pipeline is, may use all rooms and is used by Pipelines alone.
    private static readonly Dictionary<string, string[]> s_allowed = new()
    {
        ["Checkpoints"] = ["Imaging", "Models", "Tensors", "Text", "Weights"],
        ["Cpu"] = [],
        ["Cuda.Compilation"] = ["Cuda.Driver", "Cuda.Interop"],
        ["Cuda.Driver"] = ["Cuda.Interop"],
        ["Cuda.Interop"] = [],
        ["Cuda.Kernels"] = ["Cuda.Compilation", "Cuda.Driver"],
        ["Devices"] = ["Plans", "Tensors", "Weights", "Cpu", "Cuda.Driver", "Cuda.Kernels"],
        ["Exceptions"] = [],
        ["Imaging"] = [],
        ["Models"] = ["Plans", "Tensors", "Weights"],
        // The inner half of the root: what the pipeline is made of.
        ["Pipelines"] = ["", "Checkpoints", "Cpu", "Devices", "Imaging", "Models", "Plans", "Randomness", "Solvers", "Tensors", "Text", "Weights"],
        ["Plans"] = ["Tensors", "Weights"],
        ["Randomness"] = [],
        ["Solvers"] = [],
        ["Tensors"] = [],
        ["Text"] = ["Tensors", "Weights"],
        ["Weights"] = ["Tensors"],
    };

    public static TheoryData<string> Rooms() => [.. Directory.EnumerateFiles(LibrarySource.Folder, "*.cs", SearchOption.AllDirectories)
        .Select(LibrarySource.Room).Where(room => room.Length > 0).Distinct().Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void Room_UsesOnly_WhatTheTableAllows(string room)
    {
        Assert.True(
            s_allowed.TryGetValue(
            room, out string[]? allowed), $"The room '{room}' is not in the table: add it here and to docs/architecture.md, or move its files.");

        List<string> wrong = [.. LibrarySource.Trees.Where(tree => LibrarySource.Room(tree.FilePath) == room).SelectMany(References)
            .Where(use => use.Room != room && use.Room != "Exceptions" && !allowed.Contains(use.Room))
            .Select(use => $"{use.Place} uses {(use.Room.Length == 0 ? "the root" : use.Room)} ({use.Symbol})").Distinct()];

        Assert.True(
            wrong.Count == 0,
            $"{room} may use {(allowed.Length == 0 ? "no other room" : string.Join(", ", allowed))}, but\n{string.Join('\n', wrong.Take(20))}");
    }

    [Fact]
    public void Table_OfTheDocs_IsThisOne()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Weights.Repository.Root, "docs", "architecture.md"));
        IEnumerable<string> written = lines.SkipWhile(
            line => line != "## Who may use whom").Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(2);

        IEnumerable<string> expected = s_allowed.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"| {pair.Key} | {Named(pair.Value)} |");
        Assert.Equal(expected, written);

        static string Named(string[] rooms) => rooms.Length == 0 ? "no other room"
            : string.Join(", ", rooms.Order(StringComparer.Ordinal).Select(room => room.Length == 0 ? "the root" : room));
    }

    [Fact]
    public void References_AreSeen_WhereThereAreSome() =>
        Assert.Contains(LibrarySource.Trees.Where(tree => LibrarySource.Room(tree.FilePath) == "Weights").SelectMany(References), use => use.Room == "Tensors");

    /// <summary>Native functions are called by the classes that stand before them alone; everyone else speaks through the seams.</summary>
    [Fact]
    public void NativeFunctions_AreCalled_ByTheNativeClassesAlone()
    {
        string[] imports = ["NvCuda", "CuBlas", "NvRtc"];

        List<string> wrong = [.. LibrarySource.Trees
            .Where(
                tree => !Path.GetFileName(tree.FilePath).StartsWith("Native", StringComparison.Ordinal) && LibrarySource.Room(tree.FilePath) != "Cuda.Interop")
            .Where(tree => tree.GetRoot(TestContext.Current.CancellationToken).DescendantNodes().OfType<MemberAccessExpressionSyntax>()
                .Any(access => imports.Contains(access.Expression.ToString()) && access.Name.Identifier.Text != "Library"))
            .Select(tree => Path.GetRelativePath(LibrarySource.Folder, tree.FilePath))];

        Assert.True(wrong.Count == 0, $"Native functions are called past the seam by {string.Join(", ", wrong)}.");
    }

    private static IEnumerable<(string Place, string Room, string Symbol)> References(SyntaxTree tree)
    {
        SemanticModel model = LibrarySource.Compilation.GetSemanticModel(tree);
        foreach (SimpleNameSyntax name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
        {
            ISymbol? symbol = model.GetSymbolInfo(name).Symbol;
            if (symbol is null or INamespaceSymbol or ILocalSymbol or IParameterSymbol or ITypeParameterSymbol)
                continue;
            SyntaxReference? declaration = (symbol.ContainingType ?? symbol).DeclaringSyntaxReferences.FirstOrDefault();
            if (declaration is null || declaration.SyntaxTree.FilePath.Length == 0)
                continue;
            int line = name.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
            yield return ($"{Path.GetRelativePath(LibrarySource.Folder, tree.FilePath)}:{line}", LibrarySource.Room(
                declaration.SyntaxTree.FilePath), symbol.Name);
        }
    }
}
