using NativeDiffusion.Tensors;

namespace NativeDiffusion.Text;

/// <summary>The states of one sub-prompt at one model evaluation.</summary>
/// <param name="Weight">The weight of its guidance.</param>
/// <param name="States">[1, tokens, width].</param>
public readonly record struct WeightedStates(double Weight, Tensor States);
