namespace NativeDiffusion.VirtualGpu.Numerics;

/// <summary>The rounding modes of PTX.</summary>
internal enum Rounding : byte
{
    /// <summary>To nearest, ties to even.</summary>
    Nearest,
    /// <summary>To nearest, ties away from zero.</summary>
    NearestAway,
    Zero,
    Down,
    Up,
}
