namespace NativeDiffusion.VirtualGpu.Ptx;

/// <summary>Where a variable lives, or what an access addresses.</summary>
internal enum StateSpace : byte
{
    Generic,
    Global,
    Shared,
    Const,
    Local,
    Param,
}
