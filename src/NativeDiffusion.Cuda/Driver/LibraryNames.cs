namespace NativeDiffusion.Cuda.Driver;

/// <summary>NVIDIA's file names of its libraries.</summary>
/// <param name="windows">As on Windows, else as on Linux.</param>
internal sealed class LibraryNames(bool windows)
{
    /// <summary>Supported major versions of CUDA, newest first.</summary>
    public static IReadOnlyList<int> Majors { get; } = [13, 12];

    /// <summary>The file of a library; the driver's is the same for all versions.</summary>
    public string File(CudaLibrary library, int major) => (library, windows) switch
    {
        (CudaLibrary.Driver, false) => "libcuda.so.1",
        (CudaLibrary.Driver, true) => "nvcuda.dll",
        (CudaLibrary.Nvrtc, false) => $"libnvrtc.so.{major}",
        (CudaLibrary.Nvrtc, true) => $"nvrtc64_{major}0_0.dll",
        (CudaLibrary.Cublas, false) => $"libcublas.so.{major}",
        (CudaLibrary.Cublas, true) => $"cublas64_{major}.dll",
        _ => throw new ArgumentOutOfRangeException(nameof(library)),
    };

    /// <summary>The builtins library of one version of NVRTC, as <c>12.1</c>: NVRTC needs it in its own folder.</summary>
    public string Builtins(string version) =>
        windows ? $"nvrtc-builtins64_{version.Replace(".", "", StringComparison.Ordinal)}.dll" : $"libnvrtc-builtins.so.{version}";

    /// <summary>
    /// Files in a library's folder that it opens by name at its first use, as a pattern; null if there are none. They are loaded
    /// before it, because the system's search may not include the folder.
    /// </summary>
    public string? Companion(CudaLibrary library, int major) => (library, windows) switch
    {
        (CudaLibrary.Nvrtc, false) => $"libnvrtc-builtins.so.{major}.*",
        (CudaLibrary.Nvrtc, true) => $"nvrtc-builtins64_{major}*.dll",
        (CudaLibrary.Cublas, false) => $"libcublasLt.so.{major}",
        (CudaLibrary.Cublas, true) => $"cublasLt64_{major}.dll",
        _ => null,
    };
}

/// <summary>NVIDIA's libraries that are searched at run time. None is needed on the CPU.</summary>
internal enum CudaLibrary
{
    /// <summary>Comes with the display driver.</summary>
    Driver,

    /// <summary>The run-time compiler, of the toolkit or pip.</summary>
    Nvrtc,

    /// <summary>Matrix products, of the toolkit or pip.</summary>
    Cublas,
}
