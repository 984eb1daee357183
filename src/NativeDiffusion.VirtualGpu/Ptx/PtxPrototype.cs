namespace NativeDiffusion.VirtualGpu.Ptx;

/// <summary>The prototype of an indirect call.</summary>
internal sealed record PtxPrototype(string Name, IReadOnlyList<PtxVariable> Returns, IReadOnlyList<PtxVariable> Parameters);
