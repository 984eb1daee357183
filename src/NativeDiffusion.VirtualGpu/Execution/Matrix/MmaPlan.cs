namespace NativeDiffusion.VirtualGpu.Execution.Matrix;

/// <summary>A prepared tensor-core product: types, shape, register places of each fragment.</summary>
internal sealed record MmaPlan(int Rows, int Depth, ElementType A, ElementType B, Accumulator Accumulator, bool IsSaturating)
{
    public required int[] PlacesA { get; init; }

    public required int[] PlacesB { get; init; }

    public required int[] PlacesC { get; init; }

    public required int[] PlacesD { get; init; }
}
