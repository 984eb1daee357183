namespace NativeDiffusion.VirtualGpu.Ptx;

/// <summary>How an immediate was written, which decides how an instruction of another type reads it.</summary>
internal enum ImmediateKind : byte
{
    Integer,
    SingleBits,
    DoubleBits,
}
