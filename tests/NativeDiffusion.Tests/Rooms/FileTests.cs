using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NativeDiffusion.Testing;
using Xunit;

namespace NativeDiffusion.Tests.Rooms;

/// <summary>A file holds one thing of its own name, has limited length and width, and a descriptive name.</summary>
public sealed partial class FileTests
{
    private const int MostLines = 400;
    private const int LongestLine = 160;

    /// <summary>A type beside the one that names the file is a detail of it: a delegate, a small record, an enum.</summary>
    private const int MostLinesOfATinyType = 60;

    /// <summary>A generated file of numbers has a mark in its first line, and may have any length.</summary>
    private const string GeneratedMark = "// Generated";

    // Declarations of a native interface are a table, not code: they are read together with NVIDIA's headers.
    private static readonly string s_declarations = Path.DirectorySeparatorChar + "Interop" + Path.DirectorySeparatorChar;

    private static readonly string[] s_folders = ["src", "tests", "benchmarks", "scripts", "samples"];

    private static IEnumerable<string> Files =>
        s_folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"))
            .Where(path => !File.ReadLines(path).FirstOrDefault("").StartsWith(GeneratedMark, StringComparison.Ordinal));

    [Fact]
    public void Length_OfEveryFile_IsBelowTheLimit()
    {
        List<string> tooLong = [.. Files.Where(path => !path.Contains(s_declarations, StringComparison.Ordinal))
            .Select(path => (Path: path, Lines: File.ReadLines(path).Count())).Where(file => file.Lines > MostLines)
            .Select(file => $"{Path.GetRelativePath(Repository.Root, file.Path)} has {file.Lines} lines")];

        Assert.True(tooLong.Count == 0, $"A file has at most {MostLines} lines: {string.Join(", ", tooLong)}.");
    }

    // A raw string and a row of test data may have any width.
    [Fact]
    public void Lines_OfEveryFile_FitAWindow()
    {
        List<string> wrong = [];
        foreach (string path in Files)
        {
            string[] lines = File.ReadAllLines(path);
            if (!lines.Any(line => line.Length > LongestLine)) continue;
            SyntaxNode root = Root(path);
            HashSet<int> data = [.. root.DescendantTokens().Where(token => token.Text.StartsWith("\"\"\"", StringComparison.Ordinal)).SelectMany(Lines),
                .. root.DescendantNodes().OfType<InterpolatedStringExpressionSyntax>()
                    .Where(text => text.StringStartToken.Text.EndsWith("\"\"\"", StringComparison.Ordinal)).SelectMany(Lines),
                .. root.DescendantNodes().OfType<AttributeSyntax>().SelectMany(Lines)];
            wrong.AddRange(Enumerable.Range(0, lines.Length).Where(i => lines[i].Length > LongestLine && !data.Contains(i))
                .Select(i => $"{Path.GetRelativePath(Repository.Root, path)}:{i + 1} has {lines[i].Length}"));
        }

        Assert.True(wrong.Count == 0, $"A line has at most {LongestLine} characters:\n{string.Join('\n', wrong)}");
    }

    [Fact]
    public void Types_OfEveryFile_AreOneAndItsDetails()
    {
        List<string> wrong = [];
        foreach (string path in Files.Where(path => !path.Contains(s_declarations, StringComparison.Ordinal)))
        {
            BaseTypeDeclarationSyntax[] types = [.. Root(path).DescendantNodes().OfType<BaseTypeDeclarationSyntax>()
                .Where(type => type.Parent is BaseNamespaceDeclarationSyntax or CompilationUnitSyntax)];
            if (types.Length == 0) continue;
            string stem = Path.GetFileNameWithoutExtension(path).Split('.', '{')[0], place = Path.GetRelativePath(Repository.Root, path);
            // A family of small interfaces may share a file with the family's name.
            if (stem.StartsWith('I') && types.All(type => type is InterfaceDeclarationSyntax)) continue;
            if (types.All(type => type.Identifier.Text != stem)) wrong.Add($"{place} holds {string.Join(", ", types.Select(type => type.Identifier.Text))}");
            foreach (BaseTypeDeclarationSyntax other in types.Where(type => type.Identifier.Text != stem && Lines(type).Count() > MostLinesOfATinyType))
                wrong.Add($"{place} holds {other.Identifier.Text} too, of {Lines(other).Count()} lines");
        }

        Assert.True(
            wrong.Count == 0,
            $"A file holds one type of its own name, and beside it only types of at most {MostLinesOfATinyType} lines:\n{string.Join('\n', wrong)}");
    }

    [Fact]
    public void Names_OfEveryFile_SayWhatItIs()
    {
        List<string> wrong =
            [.. Files.Where(path => Vague().IsMatch(Path.GetFileNameWithoutExtension(path))).Select(path => Path.GetRelativePath(Repository.Root, path))];

        Assert.True(wrong.Count == 0, $"Names must not contain Manager, Helper, Util, Processor or Common: {string.Join(", ", wrong)}.");
    }

    private static SyntaxNode Root(string path) =>
        CSharpSyntaxTree.ParseText(File.ReadAllText(path), cancellationToken: TestContext.Current.CancellationToken)
            .GetRoot(TestContext.Current.CancellationToken);

    private static IEnumerable<int> Lines(SyntaxNodeOrToken part)
    {
        FileLinePositionSpan span = part.GetLocation()!.GetLineSpan();
        return Enumerable.Range(span.StartLinePosition.Line, span.EndLinePosition.Line - span.StartLinePosition.Line + 1);
    }

    private static IEnumerable<int> Lines(SyntaxToken token) => Lines((SyntaxNodeOrToken)token);

    private static IEnumerable<int> Lines(SyntaxNode node) => Lines((SyntaxNodeOrToken)node);

    [GeneratedRegex("(Manager|Helpers?|Utils?|Utility|Utilities|Processor|Common|Misc)$")]
    private static partial Regex Vague();
}
