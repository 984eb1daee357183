using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;

namespace NativeDiffusion.Cuda.Compilation;

/// <summary>
/// PTX that travels inside an assembly, for machines without NVRTC: every variant for a few compute capabilities, assembled by the
/// driver for the card at hand. Each text says in its head which sources and options it was made from.
/// </summary>
public sealed class ShippedPtx
{
    /// <summary>What precedes the hash in a text's first line.</summary>
    public const string HashMark = "// sources and options: ";

    private readonly Assembly _assembly;
    private readonly FrozenDictionary<string, string> _resources;

    /// <param name="assembly">The assembly that carries the texts as resources.</param>
    /// <param name="prefix">What precedes a file's name in the name of its resource, as <c>MyProgram.Ptx.</c>.</param>
    /// <param name="capabilities">Compute capabilities that PTX ships for, as 75.</param>
    public ShippedPtx(Assembly assembly, string prefix, params IReadOnlyList<int> capabilities)
    {
        _assembly = assembly;
        Capabilities = capabilities;
        _resources = assembly.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .ToFrozenDictionary(name => name[prefix.Length..], StringComparer.Ordinal);
    }

    /// <summary>Compute capabilities that PTX ships for.</summary>
    public IReadOnlyList<int> Capabilities { get; }

    /// <summary>Files in the assembly, as <see cref="FileName"/> makes them.</summary>
    public IEnumerable<string> Files => _resources.Keys.Order(StringComparer.Ordinal);

    /// <summary>The file of a variant for a capability.</summary>
    public static string FileName(KernelVariant variant, int capability) =>
        string.Create(CultureInfo.InvariantCulture, $"{variant.Name}.compute_{capability}.ptx");

    /// <summary>What a text's first line must say after <see cref="HashMark"/>, for it to be made from the present sources and options.</summary>
    public static string Hash(KernelSources sources, KernelVariant variant, int capability) => sources.Hash(
        variant.Source, "shipped", KernelCompiler.CodeOptions(variant, string.Create(CultureInfo.InvariantCulture, $"compute_{capability}")));

    /// <summary>A variant's newest PTX that a card runs, or null if none ships.</summary>
    public KernelImage? For(KernelVariant variant, int capability)
    {
        foreach (int shipped in Capabilities.Where(shipped => shipped <= capability).OrderDescending())
        {
            if (Read(FileName(variant, shipped)) is byte[] ptx)
                return new KernelImage(string.Create(CultureInfo.InvariantCulture, $"compute_{shipped}"), default, ptx);
        }

        return null;
    }

    /// <summary>A file's bytes, or null.</summary>
    public byte[]? Read(string file)
    {
        if (!_resources.TryGetValue(file, out string? resource))
            return null;
        using Stream stream = _assembly.GetManifestResourceStream(resource)!;
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
