using NativeDiffusion.Tensors;

namespace NativeDiffusion.Weights.Pickle;

/// <summary>A contiguous array of numbers outside the pickle, which tensors are views of.</summary>
/// <param name="Key">Its name in the file.</param>
/// <param name="DType">Its element type; null if it is counted in bytes and the tensor defines the type.</param>
/// <param name="Count">Its length in elements, or in bytes without a type.</param>
/// <param name="FirstElement">Its start in the array of that name; other than 0 in old files only.</param>
internal sealed record PickleStorage(string Key, DType? DType, long Count, long FirstElement);
