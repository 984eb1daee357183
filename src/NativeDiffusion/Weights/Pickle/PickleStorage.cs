using NativeDiffusion.Tensors;

namespace NativeDiffusion.Weights.Pickle;

/// <summary>A run of numbers outside the pickle, which tensors are views of.</summary>
/// <param name="Key">Its name in the file.</param>
/// <param name="DType">Its element type; null when it is counted in bytes and the tensor says the type.</param>
/// <param name="Count">Its length in elements, or in bytes when it has no type.</param>
/// <param name="FirstElement">Where it begins in the run of that name; other than 0 in old files only.</param>
internal sealed record PickleStorage(string Key, DType? DType, long Count, long FirstElement);
