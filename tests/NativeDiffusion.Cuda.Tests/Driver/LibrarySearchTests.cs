using System.Runtime.InteropServices;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Testing;

namespace NativeDiffusion.Cuda.Tests.Driver;

/// <summary>
/// The search on folder trees of toolkits, pip and conda, for both systems; a library that any process can load replaces
/// NVIDIA's.
/// </summary>
public sealed class LibrarySearchTests
{
    private const string Toolkits = "NVIDIA GPU Computing Toolkit/CUDA";

    /// <summary>System, environment variable and its folder, the file in it.</summary>
    public static TheoryData<bool, string, string, string> Layouts() => new()
    {
        { false, "NDIFF_CUDA_PATH", "", "libnvrtc.so.12" },
        { false, "NDIFF_CUDA_PATH", "", "lib64/libnvrtc.so.13" },
        { false, "NDIFF_CUDA_PATH", "", "nvidia/cuda_nvrtc/lib/libnvrtc.so.12" },
        { false, "NDIFF_CUDA_PATH", "", "nvidia/cu13/lib/libnvrtc.so.13" },
        { false, "CUDA_PATH", "toolkit", "toolkit/lib64/libnvrtc.so.12" },
        { false, "CUDA_HOME", "toolkit", "toolkit/targets/x86_64-linux/lib/libnvrtc.so.13" },
        { false, "CUDA_ROOT", "toolkit", "toolkit/targets/sbsa-linux/lib/libnvrtc.so.13" },
        { false, "VIRTUAL_ENV", "venv", "venv/lib/python3.12/site-packages/nvidia/cuda_nvrtc/lib/libnvrtc.so.12" },
        { false, "VIRTUAL_ENV", "venv", "venv/lib/python3.14/site-packages/nvidia/cu13/lib/libnvrtc.so.13" },
        { false, "CONDA_PREFIX", "conda", "conda/lib/libnvrtc.so.12" },
        { false, "CONDA_PREFIX", "conda", "conda/lib/python3.11/site-packages/nvidia/cuda_nvrtc/lib/libnvrtc.so.12" },
        { false, "HOME", "", ".local/lib/python3.10/site-packages/nvidia/cu13/lib/libnvrtc.so.13" },
        { true, "NDIFF_CUDA_PATH", "", "nvrtc64_120_0.dll" },
        { true, "NDIFF_CUDA_PATH", "", "bin/x64/nvrtc64_130_0.dll" },
        { true, "CUDA_PATH", "toolkit", "toolkit/bin/nvrtc64_120_0.dll" },
        { true, "CUDA_PATH", "toolkit", "toolkit/bin/x64/nvrtc64_130_0.dll" },
        { true, "ProgramFiles", "", $"{Toolkits}/v12.9/bin/nvrtc64_120_0.dll" },
        { true, "ProgramFiles", "", $"{Toolkits}/v13.1/bin/x64/nvrtc64_130_0.dll" },
        { true, "VIRTUAL_ENV", "venv", "venv/Lib/site-packages/nvidia/cuda_nvrtc/bin/nvrtc64_120_0.dll" },
        { true, "VIRTUAL_ENV", "venv", "venv/Lib/site-packages/nvidia/cu13/bin/x86_64/nvrtc64_130_0.dll" },
        { true, "CONDA_PREFIX", "conda", "conda/Library/bin/nvrtc64_120_0.dll" },
        { true, "APPDATA", "", "Python/Python312/site-packages/nvidia/cu13/bin/nvrtc64_130_0.dll" },
    };

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Library_IsFoundWhereItsInstallerPutsIt(bool windows, string variable, string named, string file)
    {
        using var tree = new TemporaryFolder();
        Place(tree, file);

        LoadedLibrary found = Loader(windows, tree, [(variable, named)]).Nvrtc;

        Assert.True(found.IsFound, string.Join('\n', found.Tried));
        Unload(found);
        Assert.Equal(Path.GetFullPath(tree.File(file)), Path.GetFullPath(found.Path!));
        Assert.Equal(file.EndsWith(".so.13", StringComparison.Ordinal) || file.EndsWith("_130_0.dll", StringComparison.Ordinal) ? 13 : 12, found.Major);
    }

    /// <summary>
    /// A library in every location; the one found is removed, and the next is found: the variable, the application, the toolkit, pip, the
    /// system.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Places_AreTriedInOrder(bool windows)
    {
        using var tree = new TemporaryFolder();
        string[] files = windows
            ? ["named/bin/x64/nvrtc64_130_0.dll", "named/bin/nvrtc64_120_0.dll", "application/nvrtc64_120_0.dll", "toolkit/bin/x64/nvrtc64_130_0.dll",
                "venv/Lib/site-packages/nvidia/cu13/bin/nvrtc64_130_0.dll", "toolkit/bin/nvrtc64_120_0.dll",
                "venv/Lib/site-packages/nvidia/cuda_nvrtc/bin/nvrtc64_120_0.dll"]
            : ["named/lib64/libnvrtc.so.13", "named/libnvrtc.so.12", "application/libnvrtc.so.12", "toolkit/lib64/libnvrtc.so.13",
                "venv/lib/python3.12/site-packages/nvidia/cu13/lib/libnvrtc.so.13", "toolkit/lib64/libnvrtc.so.12",
                "venv/lib/python3.12/site-packages/nvidia/cuda_nvrtc/lib/libnvrtc.so.12"];
        foreach (string file in files)
            Place(tree, file);
        List<string> found = [];
        for (int i = 0; i < files.Length; i++)
        {
            bool isSystemAsked = false;
            LoadedLibrary library = Search(name =>
            {
                isSystemAsked |= name.Contains("nvrtc", StringComparison.Ordinal);
                return 0;
            });
            Assert.True(library.IsFound);
            // For the newest version, before an older one in a default location.
            Assert.Equal(i >= files.Length - 2, isSystemAsked);
            Unload(library);
            found.Add(Path.GetRelativePath(tree.Path, library.Path!).Replace('\\', '/'));
            File.Delete(library.Path!);
        }

        Assert.Equal(files, found);
        // The system's search by name comes last.
        List<string> asked = [];
        LoadedLibrary systems = Search(name =>
        {
            if (name.Contains("nvrtc", StringComparison.Ordinal))
                asked.Add(name);
            return asked.Count == 2 ? 77 : 0;
        });
        Assert.Equal(windows ? ["nvrtc64_130_0.dll", "nvrtc64_120_0.dll"] : ["libnvrtc.so.13", "libnvrtc.so.12"], asked);
        Assert.Equal((77, asked[1], 12), (systems.Handle, systems.Path, systems.Major));

        LoadedLibrary Search(Func<string, nint> system) =>
            Loader(windows, tree, [("NDIFF_CUDA_PATH", "named"), ("CUDA_PATH", "toolkit"), ("VIRTUAL_ENV", "venv")], 13000, system).Nvrtc;
    }

    /// <summary>A driver of CUDA 12 gets NVRTC 12, even if a newer one is in an earlier location; explicitly chosen ones are used anyway.</summary>
    [Fact]
    public void OlderDriver_PrefersItsOwnVersion_ButNotOverAChoice()
    {
        using var tree = new TemporaryFolder();
        Place(tree, "toolkit/lib64/libnvrtc.so.13");
        Place(tree, "venv/lib/python3.12/site-packages/nvidia/cuda_nvrtc/lib/libnvrtc.so.12");
        (string, string)[] variables = [("NDIFF_CUDA_PATH", "named"), ("CUDA_PATH", "toolkit"), ("VIRTUAL_ENV", "venv")];

        Assert.Equal(12, Major(12080));
        Assert.Equal(13, Major(13000));
        Place(tree, "named/libnvrtc.so.13");
        Assert.Equal(13, Major(12080));

        int Major(int driver)
        {
            LoadedLibrary found = Loader(false, tree, variables, driver).Nvrtc;
            Unload(found);
            return found.Major;
        }
    }

    [Theory]
    [InlineData(false, "12.1", "libnvrtc-builtins.so.12.1")]
    [InlineData(false, "13.5", "libnvrtc-builtins.so.13.5")]
    [InlineData(true, "12.9", "nvrtc-builtins64_129.dll")]
    [InlineData(true, "13.0", "nvrtc-builtins64_130.dll")]
    public void Builtins_AreOfTheExactVersion_AndAmongTheCompanions(bool windows, string version, string expected)
    {
        var names = new LibraryNames(windows);

        Assert.Equal(expected, names.Builtins(version));
        Assert.Matches(
            "^" + names.Companion(CudaLibrary.Nvrtc, int.Parse(version[..2], System.Globalization.CultureInfo.InvariantCulture))!.Replace(
            ".", "\\.", StringComparison.Ordinal).Replace("*", ".*", StringComparison.Ordinal) + "$", expected);
    }

    // A loaded file cannot be deleted on every system.
    private static void Unload(LoadedLibrary library) => NativeLibrary.Free(library.Handle);

    private static void Place(TemporaryFolder tree, string file)
    {
        string path = tree.File(file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string runtime = RuntimeEnvironment.GetRuntimeDirectory();
        File.Copy(
            Directory.EnumerateFiles(
            runtime).First(name => Path.GetFileName(name) is "libSystem.Native.so" or "System.IO.Compression.Native.dll" or "libSystem.Native.dylib"), path);
    }

    private static LibraryLoader Loader(
        bool windows, TemporaryFolder tree, (string Name, string Folder)[] variables, int driver = 13000, Func<string, nint>? system = null)
    {
        var environment = variables.ToDictionary(variable => variable.Name, variable => tree.File(variable.Folder).TrimEnd('/'));
        return new LibraryLoader(
            new LibraryPlaces(windows, environment.GetValueOrDefault, tree.File("application")), new LibraryNames(windows), system ?? (_ => 0), _ => driver);
    }
}
