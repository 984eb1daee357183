using System.Reflection;
using System.Runtime.InteropServices;
using NativeDiffusion.Cuda.Interop;

namespace NativeDiffusion.Cuda.Driver;

/// <summary>
/// Finds NVIDIA's libraries and resolves the runtime's imports. One instance per process, as a process has one set of native
/// libraries: the first found remains loaded. A missing library is not an error until a function is called.
/// </summary>
internal sealed class LibraryLoader
{
    private readonly LibraryNames _names;
    private readonly LibraryPlaces _places;
    private readonly Func<string, nint> _system;
    private readonly Lazy<LoadedLibrary> _driver;
    private readonly Lazy<LoadedLibrary> _nvrtc;
    private readonly Lazy<LoadedLibrary> _cublas;

    /// <param name="places">The search locations.</param>
    /// <param name="names">The file names.</param>
    /// <param name="system">The system's own search for a bare name; 0 if it finds nothing.</param>
    /// <param name="driverVersion">The CUDA version of the loaded driver, 12040 for CUDA 12.4; 0 if there is no driver.</param>
    internal LibraryLoader(LibraryPlaces places, LibraryNames names, Func<string, nint> system, Func<LoadedLibrary, int> driverVersion)
    {
        _places = places;
        _names = names;
        _system = system;
        _driver = new(() => Search(CudaLibrary.Driver, LibraryNames.Majors.Take(1)));
        _nvrtc = new(() => Search(CudaLibrary.Nvrtc, Preferred(driverVersion(_driver.Value))));
        _cublas = new(() => Search(CudaLibrary.Cublas, Preferred(driverVersion(_driver.Value))));
    }

    /// <summary>The instance of the process.</summary>
    public static LibraryLoader Process { get; } = Install();

    public LoadedLibrary Driver => _driver.Value;

    public LoadedLibrary Nvrtc => _nvrtc.Value;

    public LoadedLibrary Cublas => _cublas.Value;

    /// <summary>The newest version that the driver supports first: it may reject the output of a newer toolkit.</summary>
    internal static IEnumerable<int> Preferred(int driverVersion) => driverVersion == 0
        ? LibraryNames.Majors
        : LibraryNames.Majors.OrderBy(major => major > driverVersion / 1000).ThenByDescending(major => major);

    private LoadedLibrary Search(CudaLibrary library, IEnumerable<int> majors)
    {
        List<string> tried = [];
        majors = [.. majors];
        IReadOnlyList<string>[] groups = [.. _places.Groups(library)];
        for (int i = 0; i < groups.Length; i++)
        {
            foreach (int major in majors)
            {
                if (Search(library, major, groups[i], tried) is LoadedLibrary found)
                    return found;
                if (i < groups.Length - 1)
                    continue;
                string file = _names.File(library, major);
                tried.Add(file);
                nint handle = _system(file);
                if (handle != 0)
                    return new LoadedLibrary(handle, file, major, tried);
            }
        }

        return new LoadedLibrary(0, null, 0, tried);
    }

    private LoadedLibrary? Search(CudaLibrary library, int major, IReadOnlyList<string> folders, List<string> tried)
    {
        foreach (string folder in folders)
        {
            string path = Path.Combine(folder, _names.File(library, major));
            tried.Add(path);
            if (!File.Exists(path))
                continue;
            LoadCompanions(library, major, folder);
            if (TryLoad(path, tried) is nint found)
                return new LoadedLibrary(found, path, major, tried);
        }

        return null;
    }

    private void LoadCompanions(CudaLibrary library, int major, string folder)
    {
        if (_names.Companion(library, major) is not string pattern)
            return;
        // Kept for the lifetime of the process, like the library itself. A failure to load is reported only when it is needed.
        foreach (string path in Directory.EnumerateFiles(folder, pattern))
            NativeLibrary.TryLoad(path, out _);
    }

    private static nint? TryLoad(string path, List<string> tried)
    {
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            tried[^1] = $"{path} (is there, but does not load: {exception.Message.ReplaceLineEndings(" ").Trim()})";
            return null;
        }
    }

    private static LibraryLoader Install()
    {
        bool windows = OperatingSystem.IsWindows();
        var loader = new LibraryLoader(
            new LibraryPlaces(windows, Environment.GetEnvironmentVariable, AppContext.BaseDirectory), new LibraryNames(windows),
            name => NativeLibrary.TryLoad(name, out nint handle) ? handle : 0, NativeCudaDriver.Version);
        NativeLibrary.SetDllImportResolver(typeof(LibraryLoader).Assembly, (name, _, _) => loader.Resolve(name));
        return loader;
    }

    // 0 continues with the runtime's own search, which ends in an exception with the library's name.
    private nint Resolve(string name) => name switch
    {
        NvCuda.Library => Driver.Handle,
        NvRtc.Library => Nvrtc.Handle,
        CuBlas.Library => Cublas.Handle,
        _ => 0,
    };
}

/// <summary>The result of a search for a library.</summary>
/// <param name="Handle">The loaded library, or 0.</param>
/// <param name="Path">The file, or the bare name if the system's own search found it; null if nothing was found.</param>
/// <param name="Major">The CUDA version under which it was found.</param>
/// <param name="Tried">Everything that was tried, in order, with the reason for files that exist but did not load.</param>
internal sealed record LoadedLibrary(nint Handle, string? Path, int Major, IReadOnlyList<string> Tried)
{
    /// <summary>True if the library was found.</summary>
    public bool IsFound => Handle != 0;
}
