using System.Collections.Frozen;
using System.Reflection;
using System.Text;

namespace NativeDiffusion.Cuda.Compilation;

/// <summary>CUDA C++ that travels inside the assembly: kernels (.cu) and what they include (.cuh). No file of a toolkit is needed.</summary>
internal static class KernelSource
{
    private const string Prefix = "NativeDiffusion.Kernels.";

    private static readonly FrozenDictionary<string, string> s_texts = Read();

    /// <summary>Names of the kernels' files, as <c>group_norm.cu</c>.</summary>
    public static IEnumerable<string> Files => s_texts.Keys.Where(name => name.EndsWith(".cu", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    /// <summary>Names of the files that kernels may include, in a fixed order.</summary>
    public static IEnumerable<string> Headers => s_texts.Keys.Where(name => name.EndsWith(".cuh", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    /// <summary>The text of a file.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static string Text(string file) =>
        s_texts.TryGetValue(file, out string? text) ? text : throw new ArgumentException($"There is no kernel source '{file}'.", nameof(file));

    /// <summary>A file and all that it includes, in the order of first mention: what a compilation of it is made from.</summary>
    public static IReadOnlyList<string> WithIncludes(string file)
    {
        List<string> files = [file];
        for (int i = 0; i < files.Count; i++)
        {
            foreach (string line in Text(files[i]).Split('\n').Where(line => line.StartsWith("#include \"", StringComparison.Ordinal)))
            {
                string included = line.Split('"')[1];
                if (!files.Contains(included))
                    files.Add(included);
            }
        }

        return files;
    }

    private static FrozenDictionary<string, string> Read()
    {
        Assembly assembly = typeof(KernelSource).Assembly;
        return assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .ToFrozenDictionary(name => name[Prefix.Length..], name => ReadText(assembly.GetManifestResourceStream(name)!), StringComparer.Ordinal);
    }

    private static string ReadText(Stream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        // A checkout may have changed the line ends; the hash of the sources must not depend on it.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
