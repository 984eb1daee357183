using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NativeDiffusion.Testing;
using Xunit;

namespace NativeDiffusion.Tests.Rooms;

/// <summary>Restrictions of a library in its host process, and the folder layout of every assembly.</summary>
public sealed class LibraryRulesTests
{
    public static TheoryData<string> Assemblies() => [.. LibrarySource.Assemblies];

    [Fact]
    public void Fields_Static_AreNeverAssignedTwice()
    {
        List<string> mutable = [.. Types(LibrarySource.Compilation.Assembly.GlobalNamespace)
            .Where(type => type.DeclaringSyntaxReferences.Any(part => IsLibrary(part.SyntaxTree)))
            .SelectMany(type => type.GetMembers().OfType<IFieldSymbol>())
            .Where(field => field is { IsStatic: true, IsReadOnly: false, IsConst: false, IsImplicitlyDeclared: false })
            .Select(field => field.ToDisplayString())];

        Assert.True(mutable.Count == 0, $"Mutable static state is shared by all users of a process: {string.Join(", ", mutable)}.");
    }

    [Fact]
    public void Console_InALibrary_IsNotTouched()
    {
        List<string> uses = [.. LibrarySource.Trees.Where(IsLibrary)
            .Where(
                tree => tree.GetRoot(TestContext.Current.CancellationToken).DescendantNodes().OfType<MemberAccessExpressionSyntax>().Any(
                access => access.Expression.ToString() is "Console" or "System.Console"))
            .Select(LibrarySource.Place)];

        Assert.True(uses.Count == 0, $"A library does not write to its host's console: {string.Join(", ", uses)}.");
    }

    /// <summary>
    /// A file lies in its namespace's folder or, since folders inside a namespace are free, below it. Exempt are exceptions, which all share, and the further
    /// parts of a type (<c>Type.Part.cs</c>), which may be in the folder of their subject.
    /// </summary>
    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Namespaces_OfEveryFile_AreItsFolderOrAboveIt(string assembly)
    {
        List<string> wrong = [];
        // If the whole assembly is one namespace, its folders are free.
        bool isOneRoom = RoomTable.Read().Rooms.Count(row => row.Assembly == assembly) == 1;
        foreach (SyntaxTree tree in LibrarySource.Trees.Where(tree => LibrarySource.Assembly(tree) == assembly))
        {
            string folder = Path.GetRelativePath(LibrarySource.Folder, Path.GetDirectoryName(tree.FilePath)!).Replace(Path.DirectorySeparatorChar, '.');
            bool isPart = Path.GetFileNameWithoutExtension(tree.FilePath).Contains('.', StringComparison.Ordinal);
            string? name = LibrarySource.Namespace(tree);
            bool isInside = name == folder || (name is not null && (name != assembly || isOneRoom) && folder.StartsWith(name + ".", StringComparison.Ordinal));
            if (name is not null && !isInside && !isPart && !(name == LibrarySource.Root && folder == $"{assembly}.Exceptions"))
                wrong.Add($"{LibrarySource.Place(tree)} is in {name}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Internals_AreVisible_ToTheFamilyOnly(string assembly)
    {
        string[] allowed = [.. new[] { "benchmarks", "tests" }
            .SelectMany(folder => Directory.EnumerateFiles(Repository.PathOf(folder), "*.csproj", SearchOption.AllDirectories))
            .Select(path => Path.GetFileNameWithoutExtension(path)),
            // The command line and the verification may use internals of the engine.
            .. assembly == LibrarySource.Root ? (string[])["NativeDiffusion.Verification", "ndiff"] : []];
        string project = File.ReadAllText(Path.Combine(LibrarySource.Folder, assembly, $"{assembly}.csproj"));

        Assert.Empty(System.Xml.Linq.XDocument.Parse(project).Descendants("InternalsVisibleTo")
            .Select(item => item.Attribute("Include")!.Value).Except(allowed));
    }

    private static bool IsLibrary(SyntaxTree tree) => LibrarySource.Libraries.Contains(LibrarySource.Assembly(tree));

    private static IEnumerable<INamedTypeSymbol> Types(INamespaceOrTypeSymbol parent) => parent.GetMembers().OfType<INamespaceOrTypeSymbol>()
        .SelectMany(member => member is INamedTypeSymbol type ? Types(type).Prepend(type) : Types(member));
}
