namespace NativeDiffusion.Cuda.Driver;

/// <summary>
/// The search locations of libraries, in order: NDIFF_CUDA_PATH and the application's folder, which are explicit choices; toolkits and
/// pip's packages, which are default locations. The system's own search comes last.
/// </summary>
/// <param name="windows">Folders as on Windows, else as on Linux.</param>
/// <param name="variable">The environment.</param>
/// <param name="application">The application's folder.</param>
internal sealed class LibraryPlaces(bool windows, Func<string, string?> variable, string application)
{
    /// <summary>The environment variable with folders to search first, separated as in PATH.</summary>
    public const string Variable = "NDIFF_CUDA_PATH";

    private static readonly string[] s_linuxToolkit = ["", "lib64", "lib", "targets/x86_64-linux/lib", "targets/sbsa-linux/lib"];

    // CUDA 13 keeps its libraries in bin\x64, earlier ones in bin.
    private static readonly string[] s_windowsToolkit = ["", "bin/x64", "bin"];

    private static readonly string[] s_linuxPip = ["nvidia/cu13/lib", "nvidia/cuda_nvrtc/lib", "nvidia/cublas/lib"];

    private static readonly string[] s_windowsPip =
        ["nvidia/cu13/bin/x86_64", "nvidia/cu13/bin/x64", "nvidia/cu13/bin", "nvidia/cuda_nvrtc/bin", "nvidia/cublas/bin"];

    private static readonly EnumerationOptions s_names = new() { IgnoreInaccessible = true, MatchCasing = MatchCasing.CaseInsensitive };

    private string[] Toolkit => windows ? s_windowsToolkit : s_linuxToolkit;

    private string[] Pip => windows ? s_windowsPip : s_linuxPip;

    /// <summary>
    /// Folders to search for a library, in groups; most of them do not exist. Within a group a newer version has precedence over order; what an
    /// earlier group contains is used in any version, as an explicit choice. The last group has the default locations.
    /// </summary>
    public IEnumerable<IReadOnlyList<string>> Groups(CudaLibrary library)
    {
        // The driver belongs to the system: a toolkit contains at most a stub. The compat driver of data-center GPUs, and that of WSL, have separate folders.
        bool isDriver = library == CudaLibrary.Driver;
        foreach (string root in Named())
            yield return Clean((isDriver ? ["", "compat"] : Toolkit.Concat(Pip)).Select(inner => Path.Combine(root, inner)));
        if (!isDriver)
            yield return Clean([application]);
        yield return isDriver ? windows ? [] : ["/usr/lib/wsl/lib"] : Clean(UsualLibrary());
    }

    private static List<string> Clean(IEnumerable<string> folders) => [.. folders.Select(folder => folder.TrimEnd('/', '\\')).Distinct(StringComparer.Ordinal)];

    private IEnumerable<string> UsualLibrary()
    {
        foreach (string root in Toolkits())
        {
            foreach (string inner in Toolkit)
                yield return Path.Combine(root, inner);
        }

        foreach (string root in Packages())
        {
            foreach (string inner in Pip)
                yield return Path.Combine(root, inner);
        }
    }

    private IEnumerable<string> Named() =>
        (variable(Variable) ?? "").Split(windows ? ';' : ':', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private IEnumerable<string> Toolkits()
    {
        foreach (string name in (string[])["CUDA_PATH", "CUDA_HOME", "CUDA_ROOT"])
        {
            if (variable(name) is { Length: > 0 } root)
                yield return root;
        }

        // conda's own packages of the toolkit.
        if (variable("CONDA_PREFIX") is { Length: > 0 } conda)
            yield return windows ? Path.Combine(conda, "Library") : conda;

        if (windows)
        {
            foreach (string folder in Newest(Path.Combine(variable("ProgramFiles") ?? "", "NVIDIA GPU Computing Toolkit", "CUDA"), "v*"))
                yield return folder;
            yield break;
        }

        yield return "/usr/local/cuda";
        foreach (string folder in Newest("/usr/local", "cuda-*"))
            yield return folder;
        yield return "/opt/cuda";
    }

    // Folders of Python packages: of the active environment, of the interpreters on the PATH, of the user, of the system.
    private IEnumerable<string> Packages()
    {
        List<string> roots = [];
        foreach (string name in (string[])["VIRTUAL_ENV", "CONDA_PREFIX"])
        {
            if (variable(name) is { Length: > 0 } root)
                roots.Add(root);
        }

        foreach (string folder in (variable("PATH") ?? "").Split(windows ? ';' : ':', StringSplitOptions.RemoveEmptyEntries))
        {
            if (File.Exists(Path.Combine(folder, windows ? "python.exe" : "python3")))
                roots.Add(windows ? folder : Path.GetDirectoryName(folder.TrimEnd('/')) ?? folder);
        }

        if (windows)
        {
            foreach (string root in roots)
            {
                yield return Path.Combine(root, "Lib", "site-packages");
                // A virtual environment keeps its interpreter one folder deeper.
                yield return Path.Combine(Path.GetDirectoryName(root) ?? root, "Lib", "site-packages");
            }

            foreach (string folder in Newest(Path.Combine(variable("APPDATA") ?? "", "Python"), "Python3*"))
                yield return Path.Combine(folder, "site-packages");
            yield break;
        }

        roots.Add(Path.Combine(variable("HOME") ?? "", ".local"));
        roots.Add("/usr/local");
        roots.Add("/usr");
        foreach (string root in roots)
        {
            foreach (string python in Newest(Path.Combine(root, "lib"), "python3*"))
            {
                yield return Path.Combine(python, "site-packages");
                yield return Path.Combine(python, "dist-packages");
            }
        }
    }

    // Folders of a name, the highest version first.
    private static IEnumerable<string> Newest(string root, string pattern)
    {
        if (!Path.IsPathRooted(root) || !Directory.Exists(root))
            return [];
        return Directory.EnumerateDirectories(root, pattern, s_names).OrderByDescending(Version).ThenBy(path => path, StringComparer.Ordinal);
    }

    // cuda-12.4 as 12004, v13.0 as 13000, python3.12 as 3012.
    private static int Version(string path)
    {
        string[] parts = new string([.. Path.GetFileName(path).Where(letter => char.IsAsciiDigit(letter) || letter == '.')]).Split('.');
        return (Part(0) * 1000) + Part(1);

        int Part(int index) => index < parts.Length && int.TryParse(parts[index], out int number) && number < 1_000_000 ? number : 0;
    }
}
