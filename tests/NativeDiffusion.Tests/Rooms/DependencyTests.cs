using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace NativeDiffusion.Tests.Rooms;

/// <summary>The namespaces of all assemblies and their permitted dependencies, the table in docs/architecture.md.</summary>
public sealed class DependencyTests
{
    private static readonly RoomTable s_table = RoomTable.Read();

    private static readonly Lazy<ILookup<string, SyntaxTree>> s_trees = new(() => LibrarySource.Trees.ToLookup(RoomOf));

    public static TheoryData<string> Rooms() => [.. s_table.Rooms.Select(row => row.Room)];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void Room_UsesOnly_WhatTheTableAllows(string room)
    {
        List<string> wrong = [.. s_trees.Value[room].SelectMany(References).Where(use => !s_table.Allows(room, use.Room))
            .Select(use => $"{use.Place} uses {use.Room} ({use.Symbol})").Distinct()];

        Assert.True(wrong.Count == 0, $"{room} may use {s_table.Uses(room)}, but\n{string.Join('\n', wrong.Take(20))}");
    }

    [Fact]
    public void Rows_AreTheRooms()
    {
        IEnumerable<(string, string)> rooms = LibrarySource.Trees.Select(tree => (LibrarySource.Assembly(tree), RoomOf(tree)))
            .Where(room => room.Item2 != RoomTable.Exceptions && room.Item2.Length > 0).Distinct();

        Assert.Equal(
            rooms.Select(room => $"{room.Item1}: {room.Item2}").Order(StringComparer.Ordinal),
            s_table.Rooms.Select(row => $"{row.Assembly}: {row.Room}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Names_OfTheTable_AreRoomsAndAssemblies()
    {
        IEnumerable<string> known = s_table.Rooms.Select(row => row.Room).Concat(LibrarySource.Assemblies);

        Assert.Empty(s_table.Names.Except(known));
    }

    [Fact]
    public void References_AreSeen_WhereThereAreSome()
    {
        Assert.Contains(s_trees.Value["Weights"].SelectMany(References), use => use.Room == "Tensors");
        Assert.Contains(s_trees.Value["VirtualGpu"].SelectMany(References), use => use.Room == "Cuda.Driver");
        Assert.Contains(s_trees.Value["Cuda.Driver"].SelectMany(References), use => use.Room == RoomTable.Exceptions);
    }

    /// <summary>Native functions are called only by their wrapper classes; all other code uses the interfaces.</summary>
    [Fact]
    public void NativeFunctions_AreCalled_ByTheNativeClassesAlone()
    {
        string[] imports = ["NvCuda", "CuBlas", "NvRtc"];

        List<string> wrong = [.. LibrarySource.Trees
            .Where(tree => !Path.GetFileName(tree.FilePath).StartsWith("Native", StringComparison.Ordinal) && RoomOf(tree) != "Cuda.Interop")
            .Where(tree => tree.GetRoot(TestContext.Current.CancellationToken).DescendantNodes().OfType<MemberAccessExpressionSyntax>()
                .Any(access => imports.Contains(access.Expression.ToString()) && access.Name.Identifier.Text != "Library"))
            .Select(LibrarySource.Place)];

        Assert.True(wrong.Count == 0, $"Native functions are called without their interface by {string.Join(", ", wrong)}.");
    }

    private static string RoomOf(SyntaxTree tree)
    {
        SyntaxNode? declared = tree.GetRoot().DescendantNodes().FirstOrDefault(node => node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax);
        return declared is not null && LibrarySource.Compilation.GetSemanticModel(tree).GetDeclaredSymbol(declared) is INamedTypeSymbol type
            ? s_table.RoomOf(type)
            : LibrarySource.Namespace(tree) is { } name ? s_table.RoomOf(name) : "";
    }

    private static IEnumerable<(string Place, string Room, string Symbol)> References(SyntaxTree tree)
    {
        SemanticModel model = LibrarySource.Compilation.GetSemanticModel(tree);
        foreach (SimpleNameSyntax name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
        {
            ISymbol? symbol = model.GetSymbolInfo(name).Symbol;
            if (symbol is null or INamespaceSymbol or ILocalSymbol or IParameterSymbol or ITypeParameterSymbol)
                continue;
            INamedTypeSymbol? type = symbol.ContainingType ?? symbol as INamedTypeSymbol;
            // Anonymous types and tuples are declared where they are used, in no namespace of ours.
            if (type?.DeclaringSyntaxReferences.FirstOrDefault() is not { SyntaxTree.FilePath.Length: > 0 }
                || !type.ContainingNamespace.ToDisplayString().StartsWith(LibrarySource.Root, StringComparison.Ordinal))
                continue;
            int line = name.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
            yield return ($"{LibrarySource.Place(tree)}:{line}", s_table.RoomOf(type), symbol.Name);
        }
    }
}
