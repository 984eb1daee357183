namespace NativeDiffusion.VirtualGpu.Cubin;

/// <summary>One parameter of a kernel.</summary>
/// <param name="Index">Its place in the list, from 0.</param>
/// <param name="Offset">Its first byte in the kernel's parameter block.</param>
/// <param name="Size">Its bytes.</param>
public readonly record struct CubinParameter(int Index, int Offset, int Size);
