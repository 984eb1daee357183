using System.Reflection;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Cuda.Kernels;
using NativeDiffusion.Testing;
using Xunit;

namespace NativeDiffusion.Tests.Cuda;

/// <summary>
/// The contract of kernels/README.md: each entry has its launcher, with the same parameters in the same order; each source its head and its twins.
/// </summary>
public sealed class KernelContractTests
{
    private static readonly Dictionary<string, Type> s_types = new()
    {
        ["*"] = typeof(DevicePointer),
        ["unsigned"] = typeof(
            uint),
        ["int"] = typeof(int),
        ["float"] = typeof(float),
        ["long long"] = typeof(long),
        ["unsigned long long"] = typeof(ulong),
    };

    public static TheoryData<string> Sources() => [.. KernelList.Sources.Files];

    private static IEnumerable<(MethodInfo Method, string Entry)> Launchers => typeof(KernelEntryAttribute).Assembly.GetTypes()
        .SelectMany(
            type => type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly))
        .SelectMany(method => method.GetCustomAttribute<KernelEntryAttribute>()?.Entries.Select(entry => (method, entry)) ?? []);

    [Theory]
    [MemberData(nameof(Sources))]
    public void Entry_HasALauncher_WithItsParametersInOrder(string source)
    {
        List<string> wrong = [];
        foreach (KernelEntry entry in KernelEntry.Of(KernelList.Sources.Text(source)))
        {
            MethodInfo[] launchers = [.. Launchers.Where(launcher => launcher.Entry == entry.Name).Select(launcher => launcher.Method)];
            if (launchers.Length != 1)
            {
                wrong.Add($"{entry.Name} has {launchers.Length} launchers.");
                continue;
            }

            ParameterInfo[] parameters = [.. launchers[0].GetParameters().SkipWhile(parameter => parameter.Name != Camel(entry.Parameters[0].Name))];
            string[] expected = [.. entry.Parameters.Select(parameter => $"{TypeName(parameter.Type)} {Camel(parameter.Name)}")];
            string[] actual = [.. parameters.Select(parameter => $"{parameter.ParameterType.Name} {parameter.Name}")];
            if (!expected.SequenceEqual(actual))
                wrong.Add(
                    $"{launchers[0].DeclaringType!.Name}.{launchers[0].Name} has ({string.Join(", ", actual)}), but {entry.Name} takes "
                        + $"({string.Join(", ", expected)}).");
            wrong.AddRange(PassedOn(launchers[0], parameters));
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Launcher_IsOfAnEntry()
    {
        string[] entries = [.. KernelList.Sources.Files.SelectMany(file => KernelEntry.Of(KernelList.Sources.Text(file))).Select(entry => entry.Name)];

        Assert.NotEmpty(entries);
        Assert.Equal(entries.Length, entries.Distinct().Count());
        Assert.Empty(Launchers.Select(launcher => launcher.Entry).Except(entries));
        Assert.Equal(KernelList.Sources.Files, KernelList.All.Select(variant => variant.Source).Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public void Head_StatesTheFormulaAndItsTwins(string source)
    {
        string[] head = [.. KernelList.Sources.Text(source).Split('\n').TakeWhile(line => line.StartsWith("//", StringComparison.Ordinal))];

        Assert.StartsWith($"// {Path.GetFileNameWithoutExtension(source)}: y", head[0], StringComparison.Ordinal);
        Assert.Contains(head, line => line.Contains("Grid", StringComparison.Ordinal));
        string[] twins = head.Single(line => line.StartsWith("// Twins: ", StringComparison.Ordinal))["// Twins: ".Length..].Split(", ");
        Assert.Equal(
            Launchers.First(launcher => KernelEntry.Of(KernelList.Sources.Text(source)).Any(entry => entry.Name == launcher.Entry))
                .Method.DeclaringType!.Name + ".cs",
            twins[0]);
        // Those of the library by their path; tests and references by their name alone.
        foreach (string twin in twins[1..].Where(
            twin => twin.Contains('/', StringComparison.Ordinal) && !twin.StartsWith("Reference/", StringComparison.Ordinal)))
            Assert.True(File.Exists(Path.Combine(Repository.Root, "src/NativeDiffusion", twin)), $"{source} names the twin {twin}, which does not exist.");
    }

    [Fact]
    public void Sources_UseNoHeaderOfAToolkit()
    {
        foreach (string file in KernelList.Sources.Files.Concat(KernelList.Sources.Headers))
        {
            string[] included =
                [.. KernelList.Sources.Text(file).Split('\n').Where(line => line.TrimStart().StartsWith("#include", StringComparison.Ordinal)).Select(
                line => line.Split('"') is [_, string name, ..] ? name : line)];
            Assert.Empty(included.Except(KernelList.Sources.Headers));
        }
    }

    /// <summary>The table of kernels/README.md is this one.</summary>
    [Fact]
    public void Readme_ListsTheEntries()
    {
        string readme = File.ReadAllText(Path.Combine(Repository.Root, "kernels", "README.md")).ReplaceLineEndings("\n");
        IEnumerable<string> rows = KernelList.Sources.Files.SelectMany(
            file => KernelEntry.Of(KernelList.Sources.Text(file)).Select(
            entry => $"| `{file}` | `{entry.Name}` | `{Launchers.Single(launcher => launcher.Entry == entry.Name).Method.DeclaringType!.Name}` |"));
        string table = string.Join('\n', rows);

        Assert.True(readme.Contains(table, StringComparison.Ordinal), $"The table of kernels/README.md is not:\n{table}");
    }

    private static string TypeName(string type) => s_types.TryGetValue(type, out Type? known) ? known.Name : type;

    private static string Camel(string name) =>
        string.Concat(name.Split('_').Select((part, index) => index == 0 ? part : char.ToUpperInvariant(part[0]) + part[1..]));

    // The launch's last arguments are the method's last parameters, in order.
    private static IEnumerable<string> PassedOn(MethodInfo method, ParameterInfo[] parameters)
    {
        string path = Path.Combine(Repository.Root, "src/NativeDiffusion/Cuda/Kernels", $"{method.DeclaringType!.Name}.cs");
        MethodDeclarationSyntax declaration = CSharpSyntaxTree.ParseText(
            File.ReadAllText(path)).GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>().Single(found => found.Identifier.Text == method.Name);
        InvocationExpressionSyntax launch = declaration.DescendantNodes().OfType<InvocationExpressionSyntax>().Single(
            call => call.Expression.ToString() == "queue.Launch");
        string[] passed =
            [.. launch.ArgumentList.Arguments.TakeLast(parameters.Length).Select(
            argument => argument.Expression.ToString().Replace("KernelArgument.Structure(&", "", StringComparison.Ordinal).TrimEnd(')'))];
        if (!passed.SequenceEqual(parameters.Select(parameter => parameter.Name)))
            yield return $"{method.DeclaringType!.Name}.{method.Name} passes {string.Join(", ", passed)}.";
    }
}
