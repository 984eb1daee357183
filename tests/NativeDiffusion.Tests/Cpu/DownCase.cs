namespace NativeDiffusion.Tests.Cpu;

/// <summary>
/// An adapter's t = x · Downᵀ ∘ factor: the layer's outputs are the rank reserved, <paramref name="Rank"/> of them are in use; shared: one line of
/// factors for all pictures.
/// </summary>
internal sealed record DownCase(Conv2dCase Layer, int Rank, bool IsShared = false)
{
    public string Name => Layer.Name;

    public override string ToString() => Name;
}
