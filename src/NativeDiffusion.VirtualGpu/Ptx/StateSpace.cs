namespace NativeDiffusion.VirtualGpu.Ptx;

/// <summary>The state space of a variable or an access.</summary>
internal enum StateSpace : byte
{
    Generic,
    Global,
    Shared,
    Const,
    Local,
    Param,
}
