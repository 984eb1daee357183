using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NativeDiffusion.Tests.Weights;
using Xunit;

namespace NativeDiffusion.Tests.Rooms;

/// <summary>Small rooms: one type a file, a file that can be read in one sitting, and names that say something.</summary>
public sealed partial class FileTests
{
    private const int MostLines = 600;

    /// <summary>A file of numbers that a program wrote says so in its first line, and may be as long as it is.</summary>
    private const string GeneratedMark = "// Generated";

    // Declarations of a native interface are a table, not code: a handful of handle types stand on one page.
    private static readonly string s_declarations = Path.Combine("Cuda", "Interop") + Path.DirectorySeparatorChar;

    private static readonly string[] s_folders = ["src", "tests", "benchmarks"];

    private static IEnumerable<string> Files => s_folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
        .Where(path => !File.ReadLines(path).FirstOrDefault("").StartsWith(GeneratedMark, StringComparison.Ordinal));

    [Fact]
    public void Length_OfEveryFile_IsBelowTheLimit()
    {
        List<string> tooLong = [.. Files.Select(path => (Path: path, Lines: File.ReadLines(path).Count())).Where(file => file.Lines > MostLines)
            .Select(file => $"{Path.GetRelativePath(Repository.Root, file.Path)} has {file.Lines} lines")];

        Assert.True(tooLong.Count == 0, $"A file has at most {MostLines} lines: {string.Join(", ", tooLong)}.");
    }

    // Delegates are signatures and stand beside what takes them; a family of small interfaces may share a file that is named as one.
    [Fact]
    public void Types_OfEveryFile_AreOneAndNameIt()
    {
        List<string> wrong = [];
        foreach (string path in Files.Where(path => !path.Contains(s_declarations, StringComparison.Ordinal)))
        {
            List<string> types = [.. CSharpSyntaxTree.ParseText(File.ReadAllText(path), cancellationToken: TestContext.Current.CancellationToken).GetRoot(TestContext.Current.CancellationToken).DescendantNodes()
                .OfType<MemberDeclarationSyntax>()
                .Where(member => member.Parent is BaseNamespaceDeclarationSyntax or CompilationUnitSyntax)
                .Select(member => member as BaseTypeDeclarationSyntax)
                .OfType<BaseTypeDeclarationSyntax>().Where(type => type is not InterfaceDeclarationSyntax || !Path.GetFileName(path).StartsWith('I'))
                .Select(type => type.Identifier.Text).Distinct()];
            string stem = Path.GetFileNameWithoutExtension(path).Split('.', '{')[0];
            if (types.Count > 1 || (types.Count == 1 && types[0] != stem))
                wrong.Add($"{Path.GetRelativePath(Repository.Root, path)} holds {string.Join(", ", types)}");
        }

        Assert.True(wrong.Count == 0, $"A file holds one type of its own name:\n{string.Join('\n', wrong)}");
    }

    [Fact]
    public void Names_OfEveryFile_SayWhatItIs()
    {
        List<string> wrong = [.. Files.Where(path => Vague().IsMatch(Path.GetFileNameWithoutExtension(path))).Select(path => Path.GetRelativePath(Repository.Root, path))];

        Assert.True(wrong.Count == 0, $"Manager, Helper, Util, Processor and Common name nothing: {string.Join(", ", wrong)}.");
    }

    [GeneratedRegex("(Manager|Helpers?|Utils?|Utility|Utilities|Processor|Common|Misc)$")]
    private static partial Regex Vague();
}
