namespace NativeDiffusion.VirtualGpu.Ptx;

/// <summary>The newest PTX ISA version that a driver accepts (PTX ISA, "Release notes").</summary>
internal static class PtxVersions
{
    private static readonly (int Cuda, int Minor)[] s_twelve = [(9, 8), (8, 7), (7, 6), (5, 5), (4, 4), (3, 3), (2, 2), (1, 1), (0, 0)];

    /// <summary>The newest PTX version for a CUDA version such as 12010 or 13050.</summary>
    public static Version Of(int cuda)
    {
        int major = cuda / 1000, minor = cuda % 1000 / 10;
        if (major >= 13) return new Version(9, minor);
        if (major < 12) return new Version(7, 8);
        foreach ((int from, int ptx) in s_twelve)
            if (minor >= from) return new Version(8, ptx);
        return new Version(8, 0);
    }
}
