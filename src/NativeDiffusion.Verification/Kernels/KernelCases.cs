namespace NativeDiffusion.Verification;

/// <summary>Every kernel's cases: a line each for a new kernel.</summary>
public static class KernelCases
{
    /// <summary>All of them, kernel by kernel.</summary>
    public static IReadOnlyList<KernelCase> All { get; } = [.. GroupNormCase.All, .. SoftmaxCase.All, .. PhiloxNormalCase.All, .. GemmCase.All];
}
