using NativeDiffusion.Tensors;

namespace NativeDiffusion.Text;

/// <summary>What one sub-prompt says at one model evaluation.</summary>
/// <param name="Weight">How much its guidance counts.</param>
/// <param name="States">[1, tokens, width].</param>
public readonly record struct WeightedStates(double Weight, Tensor States);
