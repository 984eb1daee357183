using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NativeDiffusion.Testing;

namespace NativeDiffusion.Tests.Rooms;

/// <summary>The source of every assembly under src, parsed and bound as one, so that tests can query symbols and not only text.</summary>
internal static class LibrarySource
{
    /// <summary>The prefix of every namespace.</summary>
    public const string Root = "NativeDiffusion";

    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly Lazy<CSharpCompilation> s_compilation = new(Compile);

    public static string Folder { get; } = Path.Combine(Repository.Root, "src");

    /// <summary>The assemblies: folders of src with a project.</summary>
    public static IReadOnlyList<string> Assemblies { get; } = [.. Directory.EnumerateDirectories(Folder)
        .Where(folder => Directory.EnumerateFiles(folder, "*.csproj").Any()).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    /// <summary>Those that other programs use: all but the command line.</summary>
    public static IEnumerable<string> Libraries => Assemblies.Where(assembly => assembly != "NativeDiffusion.Cli");

    public static CSharpCompilation Compilation => s_compilation.Value;

    /// <summary>The hand-written files, without the implicit usings.</summary>
    public static IEnumerable<SyntaxTree> Trees => Compilation.SyntaxTrees.Where(tree => tree.FilePath.Length > 0);

    /// <summary>The assembly of a file: the first folder below src.</summary>
    public static string Assembly(SyntaxTree tree) => Path.GetRelativePath(Folder, tree.FilePath).Split(Path.DirectorySeparatorChar)[0];

    /// <summary>The namespace of a file, or null for one without types.</summary>
    public static string? Namespace(SyntaxTree tree) => tree.GetRoot().DescendantNodes(node => node is CompilationUnitSyntax)
        .OfType<BaseNamespaceDeclarationSyntax>().FirstOrDefault()?.Name.ToString();

    /// <summary>A file's name in messages.</summary>
    public static string Place(SyntaxTree tree) => Path.GetRelativePath(Folder, tree.FilePath);

    /// <summary>References to all assemblies of the running tests.</summary>
    public static IEnumerable<MetadataReference> PlatformReferences() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path));

    private static CSharpCompilation Compile()
    {
        var parse = new CSharpParseOptions(LanguageVersion.CSharp14);
        IEnumerable<SyntaxTree> trees = Assemblies.SelectMany(name => Directory.EnumerateFiles(Path.Combine(Folder, name), "*.cs", SearchOption.AllDirectories))
            .Select(path => CSharpSyntaxTree.ParseText(File.ReadAllText(path), parse, path));
        return CSharpCompilation.Create(
            "NativeDiffusion.Source",
            trees.Append(CSharpSyntaxTree.ParseText(ImplicitUsings, parse)),
            PlatformReferences().Where(reference => !IsOurs(Path.GetFileNameWithoutExtension(reference.Display)!)),
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
    }

    private static bool IsOurs(string assembly) => assembly == "ndiff" || assembly == Root || assembly.StartsWith(Root + ".", StringComparison.Ordinal);
}
