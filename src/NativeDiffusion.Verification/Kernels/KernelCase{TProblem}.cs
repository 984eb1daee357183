using NativeDiffusion.Cuda.Compilation;

namespace NativeDiffusion.Verification;

/// <summary>A case of one kind of kernel.</summary>
/// <typeparam name="TProblem">Sizes and attributes; equal ones have equal data.</typeparam>
/// <param name="variant">The kernel's compilation.</param>
/// <param name="family">What the problem has in common with others.</param>
/// <param name="problem">Sizes and attributes.</param>
/// <param name="name">The problem in words; null for its own text.</param>
internal abstract class KernelCase<TProblem>(KernelVariant variant, string family, TProblem problem, string? name = null)
    : KernelCase(variant, family, name ?? problem.ToString()!)
    where TProblem : notnull
{
    /// <summary>Sizes and attributes.</summary>
    public TProblem Sizes { get; } = problem;
}
