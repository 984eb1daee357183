namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>Extents of a grid or block, or a position in one.</summary>
internal readonly record struct Dimensions(uint X, uint Y, uint Z)
{
    public ulong Count => (ulong)X * Y * Z;

    /// <summary>The position of a linear index, x fastest.</summary>
    public Dimensions At(ulong index) => new((uint)(index % X), (uint)(index / X % Y), (uint)(index / X / Y));

    public override string ToString() => $"({X}, {Y}, {Z})";
}
