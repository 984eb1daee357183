namespace NativeDiffusion.Tests.Cpu;

/// <summary>Sizes and attributes of one GroupNorm; values are scaled, then moved by the offset.</summary>
internal sealed record GroupNormCase(
    string Name, int Batch, int Channels, int Channels2, int Spatial, int Groups, bool Silu, float Scale = 1, float Offset = 0);
