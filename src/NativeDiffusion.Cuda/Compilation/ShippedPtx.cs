using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;

namespace NativeDiffusion.Cuda.Compilation;

/// <summary>
/// PTX embedded in an assembly, for machines without NVRTC: every variant for a few compute capabilities, assembled by the
/// driver for the installed GPU. The first line of each text has a hash of its sources and options.
/// </summary>
public sealed class ShippedPtx
{
    /// <summary>What precedes the hash in a text's first line.</summary>
    public const string HashMark = "// sources and options: ";

    private readonly Assembly _assembly;
    private readonly FrozenDictionary<string, string> _resources;
    private readonly (string File, byte[] Text)? _replaced;

    /// <param name="assembly">The assembly with the texts as resources.</param>
    /// <param name="prefix">What precedes a file's name in the name of its resource, as <c>MyProgram.Ptx.</c>.</param>
    /// <param name="capabilities">Compute capabilities of the shipped PTX, such as 75.</param>
    public ShippedPtx(Assembly assembly, string prefix, params IReadOnlyList<int> capabilities)
    {
        _assembly = assembly;
        Capabilities = capabilities;
        _resources = assembly.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .ToFrozenDictionary(name => name[prefix.Length..], StringComparer.Ordinal);
    }

    private ShippedPtx(ShippedPtx shipped, string file, byte[] text) =>
        (_assembly, Capabilities, _resources, _replaced) = (shipped._assembly, shipped.Capabilities, shipped._resources, (file, text));

    /// <summary>Compute capabilities of the shipped PTX.</summary>
    public IReadOnlyList<int> Capabilities { get; }

    /// <summary>Files in the assembly, as <see cref="FileName"/> makes them.</summary>
    public IEnumerable<string> Files => _resources.Keys.Order(StringComparer.Ordinal);

    /// <summary>The file of a variant for a capability.</summary>
    public static string FileName(KernelVariant variant, int capability) =>
        string.Create(CultureInfo.InvariantCulture, $"{variant.Name}.compute_{capability}.ptx");

    /// <summary>The expected text after <see cref="HashMark"/> in the first line, for the current sources and options.</summary>
    public static string Hash(KernelSources sources, KernelVariant variant, int capability) => sources.Hash(
        variant.Source, "shipped", KernelCompiler.CodeOptions(variant, string.Create(CultureInfo.InvariantCulture, $"compute_{capability}")));

    /// <summary>A variant's newest PTX that a GPU runs, or null if none is shipped.</summary>
    public KernelImage? For(KernelVariant variant, int capability)
    {
        foreach (int shipped in Capabilities.Where(shipped => shipped <= capability).OrderDescending())
        {
            if (Read(FileName(variant, shipped)) is byte[] ptx)
                return new KernelImage(string.Create(CultureInfo.InvariantCulture, $"compute_{shipped}"), default, ptx);
        }

        return null;
    }

    /// <summary>The same files with another text in place of one: mutation tests load kernels with a fault so.</summary>
    internal ShippedPtx Replace(string file, byte[] text) => new(this, file, text);

    /// <summary>A file's bytes, or null.</summary>
    public byte[]? Read(string file)
    {
        if (_replaced is { } replaced && replaced.File == file)
            return replaced.Text;
        if (!_resources.TryGetValue(file, out string? resource))
            return null;
        using Stream stream = _assembly.GetManifestResourceStream(resource)!;
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
