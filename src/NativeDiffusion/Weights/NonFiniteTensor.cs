namespace NativeDiffusion.Weights;

/// <summary>A tensor with non-finite numbers.</summary>
/// <param name="Name">Its name.</param>
/// <param name="NaNs">How many are NaN.</param>
/// <param name="Infinities">How many are infinite.</param>
/// <param name="First">The index of the first of either, row-major.</param>
public sealed record NonFiniteTensor(string Name, long NaNs, long Infinities, long First);
