using System.Globalization;
using System.Text.RegularExpressions;
using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.Cuda.Driver;

/// <summary>Reports NVIDIA's libraries that this process can use, and how to make the others usable.</summary>
public static partial class CudaLibraries
{
    /// <summary>Looks for each library, and loads those it finds. Never throws; opens no device.</summary>
    /// <returns>Driver, NVRTC, cuBLAS.</returns>
    public static IReadOnlyList<CudaLibraryReport> Report() =>
        [Driver(LibraryLoader.Process), Nvrtc(LibraryLoader.Process), Cublas(LibraryLoader.Process)];

    private static CudaLibraryReport Driver(LibraryLoader loader)
    {
        LoadedLibrary library = loader.Driver;
        int version = NativeCudaDriver.Version(library);
        string? advice = !library.IsFound
            ? "No NVIDIA driver was found. With an NVIDIA card in the machine, install its driver, version 525 or later (in a container: run it with --gpus "
                + "all); without one, use the cpu device."
            : version == 0
                ? "The driver's library was loaded, but fails: update or reinstall NVIDIA's driver."
                : version < DriverRequirements.Oldest
                    ? $"The driver supports CUDA {DriverRequirements.Text(version)}, and {DriverRequirements.Text(DriverRequirements.Oldest)} is the oldest "
                        + $"supported version: update it to version 525 or later."
                    : null;
        return new CudaLibraryReport(
            "driver", "runs kernels", library.Path, version == 0 ? null : $"CUDA {DriverRequirements.Text(version)}", library.Tried, advice);
    }

    private static CudaLibraryReport Nvrtc(LibraryLoader loader)
    {
        LoadedLibrary library = loader.Nvrtc;
        string? version = null;
        string? advice = null;
        if (NativeNvrtc.Load() is not NativeNvrtc nvrtc)
        {
            advice =
                $"Install the CUDA toolkit 12 or 13, or `pip install nvidia-cuda-nvrtc-cu12`, or set {LibraryPlaces.Variable} to the folder of the library. "
                    + $"Without it the kernels' shipped PTX is used, which some cards run slower.";
        }
        else
        {
            nvrtcResult status = nvrtc.nvrtcVersion(out int major, out int minor);
            version = status == nvrtcResult.NVRTC_SUCCESS ? string.Create(CultureInfo.InvariantCulture, $"{major}.{minor}") : null;
            string? missing = MissingBuiltins(library.Path!, version);
            int driver = NativeCudaDriver.Version(loader.Driver);
            if (missing is not null)
                advice = $"{missing} must be in the folder of {Path.GetFileName(library.Path)}: copy it there, or install the whole NVRTC package.";
            else if (driver != 0 && library.Major > driver / 1000)
                advice =
                    $"It is newer than the driver (CUDA {DriverRequirements.Text(driver)}), which may reject its output: update the driver, or install "
                        + $"NVRTC {driver / 1000}.";
        }

        return new CudaLibraryReport("NVRTC", "compiles kernels for the installed GPU", library.Path, version, library.Tried, advice);
    }

    private static CudaLibraryReport Cublas(LibraryLoader loader)
    {
        LoadedLibrary library = loader.Cublas;
        return new CudaLibraryReport(
            "cuBLAS", "some matrix products; our own kernels replace it", library.Path, library.IsFound ? FileVersion(library) : null, library.Tried,
            library.IsFound ? null
                : $"Not needed. To use it, install the CUDA toolkit 12 or 13, or `pip install nvidia-cublas-cu12`, or set {LibraryPlaces.Variable}.");
    }

    private static string? MissingBuiltins(string path, string? version)
    {
        if (version is null || Path.GetDirectoryName(path) is not { Length: > 0 } folder)
            return null;
        string builtins = new LibraryNames(OperatingSystem.IsWindows()).Builtins(version);
        return File.Exists(Path.Combine(folder, builtins)) ? null : builtins;
    }

    // cuBLAS reports its version only through a handle, which needs a GPU; the full file name contains it too.
    private static string FileVersion(LoadedLibrary library)
    {
        string target = File.Exists(library.Path) ? File.ResolveLinkTarget(library.Path, returnFinalTarget: true)?.Name ?? library.Path : "";
        Match match = Digits().Match(target);
        return match.Success ? match.Value : library.Major.ToString(CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"\d+\.\d+[\d.]*$")]
    private static partial Regex Digits();
}

/// <summary>One of NVIDIA's libraries on this machine.</summary>
/// <param name="Name">Its name: <c>driver</c>, <c>NVRTC</c> or <c>cuBLAS</c>.</param>
/// <param name="Purpose">Its purpose.</param>
/// <param name="Path">The file that was loaded, a bare name if the system's own search found it, or null.</param>
/// <param name="Version">Its own version number, or null.</param>
/// <param name="Tried">The searched locations, in order; files that exist but did not load have the reason.</param>
/// <param name="Advice">What to do, or null if nothing is wrong.</param>
public sealed record CudaLibraryReport(string Name, string Purpose, string? Path, string? Version, IReadOnlyList<string> Tried, string? Advice);
