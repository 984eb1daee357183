using NativeDiffusion.Tensors;

namespace NativeDiffusion.Weights.Pickle;

/// <summary>A strided view of a storage; its extents and bounds have been checked.</summary>
/// <param name="Storage">The storage.</param>
/// <param name="DType">The element type.</param>
/// <param name="Offset">The first element in the storage.</param>
/// <param name="Shape">The extents.</param>
/// <param name="Strides">Elements from one index to the next, for each extent.</param>
/// <param name="Span">The number of storage elements from the first to the last one used, inclusive; 0 for an empty tensor.</param>
internal sealed record PickleTensor(PickleStorage Storage, DType DType, long Offset, TensorShape Shape, long[] Strides, long Span)
{
    /// <summary>Whether the elements are contiguous in row-major order.</summary>
    public bool IsDense
    {
        get
        {
            long expected = 1;
            for (int i = Shape.Rank - 1; i >= 0; i--)
            {
                if (Shape[i] != 1 && Strides[i] != expected) return false;
                expected *= Shape[i];
            }

            return true;
        }
    }
}
