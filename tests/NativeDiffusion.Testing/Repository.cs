namespace NativeDiffusion.Testing;

/// <summary>Finds what lies in the repository beside the tests.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string Goldens => Path.Combine(Root, "tests", "goldens");

    public static string TinyModel => Path.Combine(Root, "models", "tiny-landscapes");

    /// <summary>A path below the root.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Find()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "NativeDiffusion.sln"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new DirectoryNotFoundException("NativeDiffusion.sln was not found upward from the tests.");
    }
}
