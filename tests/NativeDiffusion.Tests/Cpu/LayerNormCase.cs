namespace NativeDiffusion.Tests.Cpu;

/// <summary>Sizes of one LayerNorm; values are scaled, then moved by the offset.</summary>
internal sealed record LayerNormCase(string Name, int Rows, int Channels, float Scale = 1, float Offset = 0);
