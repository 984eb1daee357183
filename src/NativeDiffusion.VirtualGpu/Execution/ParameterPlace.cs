namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>A .param variable inside a frame: for lane i its bytes start at Place + i*Stride.</summary>
internal readonly record struct ParameterPlace(int Place, int Stride, int Bytes);
