using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace NativeDiffusion.Cuda.Compilation;

/// <summary>CUDA C++ sources of kernels (.cu) and their headers (.cuh). No file of the toolkit is needed.</summary>
public sealed class KernelSources
{
    private readonly FrozenDictionary<string, string> _texts;

    /// <param name="texts">Texts by file name, such as <c>group_norm.cu</c>. Line ends are normalized.</param>
    public KernelSources(IEnumerable<KeyValuePair<string, string>> texts)
    {
        // A checkout may have changed the line ends; the hash of the sources must not depend on it.
        _texts = texts.ToFrozenDictionary(text => text.Key, text => text.Value.ReplaceLineEndings("\n"), StringComparer.Ordinal);
        Files = [.. _texts.Keys.Where(name => name.EndsWith(".cu", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        Headers = [.. _texts.Keys.Where(name => name.EndsWith(".cuh", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }

    /// <summary>Names of the kernels' files, such as <c>group_norm.cu</c>.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>Names of the files that kernels may include, in a fixed order.</summary>
    public IReadOnlyList<string> Headers { get; }

    /// <summary>The sources embedded in an assembly.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="prefix">What precedes a file's name in the name of its resource, as <c>MyProgram.Kernels.</c>.</param>
    public static KernelSources FromResources(Assembly assembly, string prefix) =>
        new(assembly.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(name => KeyValuePair.Create(name[prefix.Length..], ReadText(assembly.GetManifestResourceStream(name)!))));

    /// <summary>The text of a file.</summary>
    /// <exception cref="ArgumentException">There is none with this name.</exception>
    public string Text(string file) =>
        _texts.TryGetValue(file, out string? text) ? text : throw new ArgumentException($"There is no kernel source '{file}'.", nameof(file));

    /// <summary>A file and everything that it includes, in the order of first inclusion: the input of its compilation.</summary>
    public IReadOnlyList<string> WithIncludes(string file)
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

    /// <summary>A hash of a file with everything that it includes, of a compilation's options and of another text: 40 hexadecimal digits.</summary>
    /// <param name="file">The file, as <c>gemm.cu</c>.</param>
    /// <param name="further">The other text, such as a compiler's version.</param>
    /// <param name="options">The options, in their order.</param>
    /// <exception cref="ArgumentException">There is no such file, or one that it includes is missing.</exception>
    public string Hash(string file, string further, IEnumerable<string> options)
    {
        var text = new StringBuilder();
        text.Append(further).Append('\n').AppendJoin('\n', options).Append('\n');
        foreach (string part in WithIncludes(file))
            text.Append(part).Append('\n').Append(Text(part)).Append('\n');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..40];
    }

    private static string ReadText(Stream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
