namespace NativeDiffusion.Cuda.Driver;

/// <summary>One of NVIDIA's libraries on this machine.</summary>
/// <param name="Name">What it is: <c>driver</c>, <c>NVRTC</c> or <c>cuBLAS</c>.</param>
/// <param name="Purpose">What it is needed for.</param>
/// <param name="Path">The file that was loaded, a bare name if the system's own search found it, or null.</param>
/// <param name="Version">Its version as it says itself, or null.</param>
/// <param name="Tried">Where it was looked for, in order; files that were there but did not load carry the reason.</param>
/// <param name="Advice">What to do about it, or null if all is well.</param>
public sealed record CudaLibraryReport(string Name, string Purpose, string? Path, string? Version, IReadOnlyList<string> Tried, string? Advice);
