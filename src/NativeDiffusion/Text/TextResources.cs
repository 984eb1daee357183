namespace NativeDiffusion.Text;

/// <summary>The embedded data files of this namespace.</summary>
internal static class TextResources
{
    /// <summary>Opens a file of <c>Text/Data</c>.</summary>
    public static Stream Open(string name) =>
        typeof(TextResources).Assembly.GetManifestResourceStream("NativeDiffusion.Text." + name)
        ?? throw new InvalidOperationException($"The library lacks its resource {name}.");

    /// <summary>The content of a file of <c>Text/Data</c>.</summary>
    public static byte[] Read(string name)
    {
        using Stream stream = Open(name);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
