namespace NativeDiffusion.Tensors;

/// <summary>Element type of a stored tensor, as named in checkpoint files.</summary>
public enum DType
{
    /// <summary>IEEE 754 binary64, 8 bytes.</summary>
    Float64,

    /// <summary>IEEE 754 binary32, 4 bytes.</summary>
    Float32,

    /// <summary>IEEE 754 binary16, 2 bytes.</summary>
    Float16,

    /// <summary>The upper half of a binary32, 2 bytes.</summary>
    BFloat16,

    /// <summary>8-bit float, 4 exponent and 3 mantissa bits, finite with NaN ("fn" form), 1 byte.</summary>
    Float8E4M3,

    /// <summary>8-bit float, 5 exponent and 2 mantissa bits, with infinities, 1 byte.</summary>
    Float8E5M2,

    /// <summary>Signed integer, 8 bytes.</summary>
    Int64,

    /// <summary>Signed integer, 4 bytes.</summary>
    Int32,

    /// <summary>Signed integer, 2 bytes.</summary>
    Int16,

    /// <summary>Signed integer, 1 byte.</summary>
    Int8,

    /// <summary>Unsigned integer, 1 byte.</summary>
    UInt8,

    /// <summary>Zero or one, 1 byte.</summary>
    Bool,
}
