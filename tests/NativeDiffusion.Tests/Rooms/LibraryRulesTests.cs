using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace NativeDiffusion.Tests.Rooms;

/// <summary>What a library must not do to its host.</summary>
public sealed class LibraryRulesTests
{
    [Fact]
    public void Fields_Static_AreNeverAssignedTwice()
    {
        List<string> mutable = [.. Types(LibrarySource.Compilation.Assembly.GlobalNamespace)
            .SelectMany(type => type.GetMembers().OfType<IFieldSymbol>())
            .Where(field => field is { IsStatic: true, IsReadOnly: false, IsConst: false, IsImplicitlyDeclared: false })
            .Select(field => field.ToDisplayString())];

        Assert.True(mutable.Count == 0, $"Static state that changes ties all users of a process together: {string.Join(", ", mutable)}.");
    }

    [Fact]
    public void Console_InTheLibrary_IsNotTouched()
    {
        List<string> uses = [.. LibrarySource.Trees
            .Where(
                tree => tree.GetRoot(TestContext.Current.CancellationToken).DescendantNodes().OfType<MemberAccessExpressionSyntax>().Any(
                access => access.Expression.ToString() is "Console" or "System.Console"))
            .Select(tree => Path.GetRelativePath(LibrarySource.Folder, tree.FilePath))];

        Assert.True(uses.Count == 0, $"The library does not write to its host's console: {string.Join(", ", uses)}.");
    }

    [Fact]
    public void Namespaces_OfEveryFile_AreItsFolder()
    {
        List<string> wrong = [];
        foreach (SyntaxTree tree in LibrarySource.Trees)
        {
            string? name = tree.GetRoot(
                TestContext.Current.CancellationToken).DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>().FirstOrDefault()?.Name.ToString();
            string folder = Path.GetDirectoryName(Path.GetRelativePath(LibrarySource.Folder, tree.FilePath))!;
            string expected = folder.Length == 0
                || folder == "Exceptions" ? "NativeDiffusion" : $"NativeDiffusion.{folder.Replace(Path.DirectorySeparatorChar, '.')}";
            if (name is not null && name != expected)
                wrong.Add($"{Path.GetRelativePath(LibrarySource.Folder, tree.FilePath)} is in {name}, expected {expected}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Internals_AreVisible_ToTestsAndBenchmarksOnly()
    {
        string project = File.ReadAllText(Path.Combine(LibrarySource.Folder, "NativeDiffusion.csproj"));

        Assert.Equal(
            ["NativeDiffusion.Benchmarks", "NativeDiffusion.Tests", "NativeDiffusion.VirtualGpu.Tests"],
            System.Xml.Linq.XDocument.Parse(
                project).Descendants("InternalsVisibleTo").Select(item => item.Attribute("Include")!.Value).Order(StringComparer.Ordinal));
    }

    private static IEnumerable<INamedTypeSymbol> Types(INamespaceOrTypeSymbol parent) => parent.GetMembers().OfType<INamespaceOrTypeSymbol>()
        .SelectMany(member => member is INamedTypeSymbol type ? Types(type).Prepend(type) : Types(member));
}
