using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Testing;

namespace NativeDiffusion.Cuda.Tests.Driver;

/// <summary>The search locations of NVIDIA's libraries, and their order: the variable, the application, toolkits, pip.</summary>
public sealed class LibraryPlacesTests
{
    private static readonly LibraryNames s_linux = new(windows: false);
    private static readonly LibraryNames s_windows = new(windows: true);

    [Fact]
    public void Folders_OnLinux_FollowTheOrder()
    {
        using var home = new TemporaryFolder();
        Directory.CreateDirectory(home.File("venv/lib/python3.9"));
        Directory.CreateDirectory(home.File("venv/lib/python3.12"));
        Dictionary<string,
            string> variables = new() { ["NDIFF_CUDA_PATH"] = "/first:/second", ["CUDA_PATH"] = "/toolkit", ["VIRTUAL_ENV"] = home.File("venv") };

        List<string> folders = [.. new LibraryPlaces(false, variables.GetValueOrDefault, "/application").Groups(CudaLibrary.Nvrtc).SelectMany(group => group)];

        AssertOrder(
            folders, "/first", "/first/lib64", "/first/nvidia/cu13/lib", "/first/nvidia/cuda_nvrtc/lib", "/second", "/application", "/toolkit",
                "/toolkit/lib64",
            "/usr/local/cuda/lib64", home.File("venv/lib/python3.12/site-packages/nvidia/cu13/lib"),
            home.File("venv/lib/python3.12/site-packages/nvidia/cuda_nvrtc/lib"), home.File("venv/lib/python3.9/site-packages/nvidia/cuda_nvrtc/lib"));
        Assert.Equal(folders.Distinct(), folders);
    }

    [Fact]
    public void Folders_OnWindows_KnowBothToolkitsAndPip()
    {
        using var files = new TemporaryFolder();
        Directory.CreateDirectory(files.File("NVIDIA GPU Computing Toolkit/CUDA/v12.4"));
        Directory.CreateDirectory(files.File("NVIDIA GPU Computing Toolkit/CUDA/v13.0"));
        Dictionary<string,
            string> variables = new() { ["NDIFF_CUDA_PATH"] = "c:/first;d:/second", ["ProgramFiles"] = files.Path, ["CONDA_PREFIX"] = "e:/conda" };

        List<string> folders = [.. new LibraryPlaces(true, variables.GetValueOrDefault, "c:/application").Groups(CudaLibrary.Nvrtc).SelectMany(group => group)];

        string toolkits = files.File("NVIDIA GPU Computing Toolkit/CUDA");
        AssertOrder(
            folders, "c:/first", "c:/first/bin/x64", "c:/first/bin", "d:/second", "c:/application", $"{toolkits}/v13.0/bin/x64", $"{toolkits}/v12.4/bin",
            "e:/conda/Lib/site-packages/nvidia/cu13/bin/x86_64", "e:/conda/Lib/site-packages/nvidia/cuda_nvrtc/bin");
    }

    [Fact]
    public void Folders_OfTheDriver_AreNoToolkits()
    {
        Dictionary<string, string> variables = new() { ["NDIFF_CUDA_PATH"] = "/first", ["CUDA_PATH"] = "/toolkit" };

        Assert.Equal(
            ["/first", "/first/compat", "/usr/lib/wsl/lib"], new LibraryPlaces(
            false, variables.GetValueOrDefault, "/application").Groups(CudaLibrary.Driver).SelectMany(group => group));
    }

    [Fact]
    public void Names_AreNvidias()
    {
        Assert.Equal(["libcuda.so.1", "libnvrtc.so.13", "libnvrtc.so.12", "libcublas.so.13", "libcublas.so.12"], Names(s_linux));
        Assert.Equal(["nvcuda.dll", "nvrtc64_130_0.dll", "nvrtc64_120_0.dll", "cublas64_13.dll", "cublas64_12.dll"], Names(s_windows));

        static string[] Names(LibraryNames names) =>
        [
            names.File(CudaLibrary.Driver, 13), names.File(CudaLibrary.Nvrtc, 13), names.File(CudaLibrary.Nvrtc, 12),
            names.File(CudaLibrary.Cublas, 13), names.File(CudaLibrary.Cublas, 12),
        ];
    }

    private static void AssertOrder(List<string> folders, params string[] expected)
    {
        List<int> places = [.. expected.Select(folder => folders.FindIndex(found => found.Replace('\\', '/') == folder.Replace('\\', '/')))];
        Assert.True(!places.Contains(-1), $"{expected[Math.Max(0, places.IndexOf(-1))]} is not among\n{string.Join('\n', folders)}");
        Assert.Equal(places.Order(), places);
    }
}
