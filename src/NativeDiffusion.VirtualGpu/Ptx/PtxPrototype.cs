namespace NativeDiffusion.VirtualGpu.Ptx;

/// <summary>The shape of a call through a register.</summary>
internal sealed record PtxPrototype(string Name, IReadOnlyList<PtxVariable> Returns, IReadOnlyList<PtxVariable> Parameters);
