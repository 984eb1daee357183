namespace NativeDiffusion.VirtualGpu.Tests.CKernels;

/// <summary>One way to make PTX of a C source: compiler, architecture and options.</summary>
/// <param name="Nvrtc">12 or 13.</param>
/// <param name="Architecture">80 for compute_80.</param>
/// <param name="Options">What else the compiler is told.</param>
public sealed record CVariant(int Nvrtc, int Architecture, params string[] Options)
{
    /// <summary>True where a * b + c may be rounded once.</summary>
    public bool IsFused => !Options.Contains("--fmad=false") && (!Options.Contains("-G") || Options.Contains("--dopt=on"));

    /// <summary>True where division, roots and subnormals are the fast ones.</summary>
    public bool IsFast => Options.Contains("--use_fast_math");

    /// <inheritdoc/>
    public override string ToString() => $"NVRTC {Nvrtc}, compute_{Architecture} {string.Join(' ', Options)}";
}
