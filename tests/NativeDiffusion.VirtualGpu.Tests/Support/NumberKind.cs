namespace NativeDiffusion.VirtualGpu.Tests.Support;

/// <summary>What a number is.</summary>
internal enum NumberKind
{
    Finite,
    Infinite,
    Nan,
}
