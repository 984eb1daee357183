namespace NativeDiffusion.Weights.Pickle;

/// <summary>A supported global name of a pickle.</summary>
/// <param name="FullName">Module and name, joined by a dot.</param>
/// <param name="Meaning">Its meaning.</param>
/// <param name="Storage">For storages and element types: the type, or null when the storage has none of its own.</param>
internal sealed record PickleGlobal(string FullName, PickleMeaning Meaning, Tensors.DType? Storage = null);
