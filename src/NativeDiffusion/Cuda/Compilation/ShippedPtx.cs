using System.Collections.Frozen;
using System.Globalization;

namespace NativeDiffusion.Cuda.Compilation;

/// <summary>
/// PTX that travels inside the assembly, for machines without NVRTC: every variant for compute capability 75, 80 and 90, assembled by
/// the driver for the card at hand. Each text says in its head which sources and options it was made from.
/// </summary>
internal static class ShippedPtx
{
    /// <summary>What precedes the hash in a text's first line.</summary>
    public const string HashMark = "// sources and options: ";

    private const string Prefix = "NativeDiffusion.Ptx.";

    private static readonly FrozenDictionary<string, string> s_resources = typeof(ShippedPtx).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).ToFrozenDictionary(name => name[Prefix.Length..], StringComparer.Ordinal);

    /// <summary>Compute capabilities that PTX ships for.</summary>
    public static IReadOnlyList<int> Capabilities { get; } = [75, 80, 90];

    /// <summary>Files in the assembly, as <see cref="FileName"/> makes them.</summary>
    public static IEnumerable<string> Files => s_resources.Keys.Order(StringComparer.Ordinal);

    /// <summary>The file of a variant for a capability.</summary>
    public static string FileName(KernelVariant variant, int capability) =>
        string.Create(CultureInfo.InvariantCulture, $"{variant.Name}.compute_{capability}.ptx");

    /// <summary>A variant's newest PTX that a card runs, or null if none ships.</summary>
    public static KernelImage? For(KernelVariant variant, int capability)
    {
        foreach (int shipped in Capabilities.Where(shipped => shipped <= capability).OrderDescending())
        {
            if (Read(FileName(variant, shipped)) is byte[] ptx)
                return new KernelImage(string.Create(CultureInfo.InvariantCulture, $"compute_{shipped}"), default, ptx);
        }

        return null;
    }

    /// <summary>A file's bytes, or null.</summary>
    public static byte[]? Read(string file)
    {
        if (!s_resources.TryGetValue(file, out string? resource))
            return null;
        using Stream stream = typeof(ShippedPtx).Assembly.GetManifestResourceStream(resource)!;
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>What a text's first line must say, for it to be made from the present sources and options.</summary>
    public static string Hash(KernelVariant variant, int capability) =>
        KernelCache.Hash(variant, "shipped", KernelCompiler.CodeOptions(variant, string.Create(CultureInfo.InvariantCulture, $"compute_{capability}")));
}
