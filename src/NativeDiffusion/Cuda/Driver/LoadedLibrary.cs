namespace NativeDiffusion.Cuda.Driver;

/// <summary>What a search for a library found.</summary>
/// <param name="Handle">The loaded library, or 0.</param>
/// <param name="Path">The file, or the bare name if the system's own search found it; null if nothing was found.</param>
/// <param name="Major">The CUDA version that was looked for when it was found.</param>
/// <param name="Tried">Everything that was tried, in order, each with the reason if a file was there but did not load.</param>
internal sealed record LoadedLibrary(nint Handle, string? Path, int Major, IReadOnlyList<string> Tried)
{
    /// <summary>True if the library is there.</summary>
    public bool IsFound => Handle != 0;
}
