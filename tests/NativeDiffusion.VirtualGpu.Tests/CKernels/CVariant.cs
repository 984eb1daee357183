namespace NativeDiffusion.VirtualGpu.Tests.CKernels;

/// <summary>One compilation of a C source to PTX: compiler, architecture and options.</summary>
/// <param name="Nvrtc">12 or 13.</param>
/// <param name="Architecture">80 for compute_80.</param>
/// <param name="Options">Further compiler options.</param>
public sealed record CVariant(int Nvrtc, int Architecture, params string[] Options)
{
    /// <summary>True if a * b + c may be rounded once.</summary>
    public bool IsFused => !Options.Contains("--fmad=false") && (!Options.Contains("-G") || Options.Contains("--dopt=on"));

    /// <summary>True with fast division and roots, and flushed subnormals.</summary>
    public bool IsFast => Options.Contains("--use_fast_math");

    /// <inheritdoc/>
    public override string ToString() => $"NVRTC {Nvrtc}, compute_{Architecture} {string.Join(' ', Options)}";
}
