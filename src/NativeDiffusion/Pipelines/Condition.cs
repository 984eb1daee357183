using NativeDiffusion.Tensors;

namespace NativeDiffusion.Pipelines;

/// <summary>What one picture attends to at one evaluation: the negative states first where guidance runs, then the positive ones.</summary>
/// <param name="States">Each [1, T, D]; the same object means the same numbers.</param>
/// <param name="Guidance">How their predictions become one.</param>
internal sealed record Condition(IReadOnlyList<Tensor> States, Guidance Guidance);
