namespace NativeDiffusion.Cuda.Interop;

/// <summary>A compilation by NVRTC.</summary>
/// <param name="Value">The library's pointer.</param>
internal readonly record struct nvrtcProgram(nint Value);
