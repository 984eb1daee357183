namespace NativeDiffusion.Cuda.Kernels;

/// <summary>One compilation of a kernel source, as <see cref="KernelCatalog"/> lists it.</summary>
/// <param name="Name">Its name, as <c>gemm-128-128-32-2-2-3-1-0</c>: the source, then the values of its macros.</param>
/// <param name="Source">The source, as <c>gemm.cu</c>.</param>
/// <param name="Hash">A hash of the source, all headers and the compiler's options: it changes with anything that may change the code.</param>
/// <param name="OldestCapability">The oldest compute capability that it is made for, as 75.</param>
/// <param name="NewestCapability">The newest one; <see cref="int.MaxValue"/> where there is no end.</param>
internal sealed record KernelListing(string Name, string Source, string Hash, int OldestCapability, int NewestCapability)
{
    /// <summary>True if it is made for cards of the compute capability.</summary>
    public bool Fits(int capability) => capability >= OldestCapability && capability <= NewestCapability;
}
