using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.Testing;

namespace NativeDiffusion.Cuda.Tests.Driver;

/// <summary>Finding and loading, and the messages if nothing was found.</summary>
public sealed class LibraryLoaderTests
{
    [Theory]
    [InlineData(0, new[] { 13, 12 })]
    [InlineData(13000, new[] { 13, 12 })]
    [InlineData(12040, new[] { 12, 13 })]
    [InlineData(14000, new[] { 13, 12 })]
    public void Preferred_IsTheNewestThatTheDriverRuns(int driver, int[] expected) => Assert.Equal(expected, LibraryLoader.Preferred(driver));

    [Fact]
    public void Search_WithoutTheLibrary_TellsEveryPlaceTried()
    {
        using var empty = new TemporaryFolder();

        LoadedLibrary found = Loader(empty.Path).Nvrtc;

        Assert.False(found.IsFound);
        Assert.Contains(Path.Combine(empty.Path, "libnvrtc.so.13"), found.Tried);
        Assert.Contains(Path.Combine(empty.Path, "nvidia/cuda_nvrtc/lib/libnvrtc.so.12"), found.Tried);
        // The system's own search, by name.
        Assert.Contains("libnvrtc.so.12", found.Tried);
    }

    [Fact]
    public void Search_FileThatIsNoLibrary_SaysWhyAndGoesOn()
    {
        using var folder = new TemporaryFolder();
        folder.Write("libnvrtc.so.13", "this is no library"u8);

        LoadedLibrary found = Loader(folder.Path).Nvrtc;

        Assert.Contains(
            found.Tried, line =>
            line.StartsWith(folder.File("libnvrtc.so.13"), StringComparison.Ordinal) && line.Contains("does not load", StringComparison.Ordinal));
        Assert.Contains("libnvrtc.so.12", found.Tried);
    }

    [Fact]
    public void Search_InPipsLayout_FindsNvrtcAndItsBuiltins()
    {
        string folder = NvrtcVersions.Folder("NDIFF_TEST_NVRTC12");
        // .../nvidia/cuda_nvrtc/lib: the root is where pip would put it.
        string root = Path.GetFullPath(Path.Combine(folder, "../../.."));
        Assert.SkipUnless(Directory.Exists(Path.Combine(root, "nvidia/cuda_nvrtc/lib")), "NDIFF_TEST_NVRTC12 is not laid out as pip does.");

        LoadedLibrary found = Loader(root).Nvrtc;

        Assert.Equal(Path.Combine(root, "nvidia/cuda_nvrtc/lib/libnvrtc.so.12"), found.Path);
        Assert.Equal(12, found.Major);
    }

    [Fact]
    public void Report_TellsEveryLibrary_AndNeverThrows()
    {
        IReadOnlyList<CudaLibraryReport> report = CudaLibraries.Report();

        Assert.Equal(["driver", "NVRTC", "cuBLAS"], report.Select(library => library.Name));
        Assert.All(report, library => Assert.NotEmpty(library.Tried));
        Assert.All(
            report, library => Assert.True(library.Path is not null || library.Advice is not null, $"{library.Name} is missing, and there is no advice."));
    }

    [Fact]
    public void Load_WithoutADriver_SaysWhatWasTried()
    {
        Assert.SkipWhen(LibraryLoader.Process.Driver.IsFound, "This machine has NVIDIA's driver.");

        DeviceException exception = Assert.Throws<DeviceException>(NativeCudaDriver.Load);

        Assert.Contains("libcuda.so.1", exception.Message, StringComparison.Ordinal);
        Assert.Contains("ndiff doctor", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>A driver of CUDA 12.0 exports none of the newer functions: they return a status without being called.</summary>
    [Fact]
    public unsafe void OldDriver_LacksFunctions_OnlyWhenTheyAreUsed()
    {
        var driver = new NativeCudaDriver(_ => false);
        CUgraphEdgeData edge = default;

        Assert.Equal(CUresult.CUDA_ERROR_CALL_REQUIRES_NEWER_DRIVER, driver.cuFuncLoad(default));
        Assert.Equal(CUresult.CUDA_ERROR_CALL_REQUIRES_NEWER_DRIVER, driver.cuFuncGetName(out _, default));
        Assert.Equal(CUresult.CUDA_ERROR_CALL_REQUIRES_NEWER_DRIVER, driver.cuFuncGetParamInfo(default, 0, out _, out _));
        Assert.Equal(CUresult.CUDA_ERROR_CALL_REQUIRES_NEWER_DRIVER, driver.cuGraphAddDependencies(default, null, null, &edge, 1));
    }

    private static LibraryLoader Loader(string root)
    {
        Dictionary<string, string> variables = new() { [LibraryPlaces.Variable] = root };
        return new LibraryLoader(new LibraryPlaces(false, variables.GetValueOrDefault, root), new LibraryNames(false), _ => 0, _ => 0);
    }
}
