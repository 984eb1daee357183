namespace NativeDiffusion.VirtualGpu.Ptx;

/// <summary>The address of a symbol, generic or within its space, to be stored in an initialiser.</summary>
internal sealed record PtxRelocation(long Offset, int Bytes, string Symbol, long Addend, bool IsGeneric);
