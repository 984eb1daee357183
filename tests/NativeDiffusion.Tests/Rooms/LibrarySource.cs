using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NativeDiffusion.Tests.Weights;

namespace NativeDiffusion.Tests.Rooms;

/// <summary>The library's source, parsed and bound, so that tests can ask what it refers to and not only how it is spelt.</summary>
internal static class LibrarySource
{
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

    public static string Folder { get; } = Path.Combine(Repository.Root, "src", "NativeDiffusion");

    public static CSharpCompilation Compilation => s_compilation.Value;

    /// <summary>The files that people wrote, without the implicit usings.</summary>
    public static IEnumerable<SyntaxTree> Trees => Compilation.SyntaxTrees.Where(tree => tree.FilePath.Length > 0);

    /// <summary>The room of a file: the first folder below the library's (below Cuda: the first two), or an empty text for the root.</summary>
    public static string Room(string path)
    {
        string[] parts = Path.GetRelativePath(Folder, path).Split(Path.DirectorySeparatorChar);
        return parts.Length == 1 ? "" : parts[0] == "Cuda" && parts.Length > 2 ? $"{parts[0]}.{parts[1]}" : parts[0];
    }

    /// <summary>References to everything that the running tests are made of.</summary>
    public static IEnumerable<MetadataReference> PlatformReferences() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path));

    private static CSharpCompilation Compile()
    {
        var parse = new CSharpParseOptions(LanguageVersion.CSharp14);
        IEnumerable<SyntaxTree> trees = Directory.EnumerateFiles(Folder, "*.cs", SearchOption.AllDirectories)
            .Select(path => CSharpSyntaxTree.ParseText(File.ReadAllText(path), parse, path));
        return CSharpCompilation.Create(
            "NativeDiffusion.Source",
            trees.Append(CSharpSyntaxTree.ParseText(ImplicitUsings, parse)),
            PlatformReferences().Where(reference => Path.GetFileName(reference.Display) != "NativeDiffusion.dll"),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
    }
}
