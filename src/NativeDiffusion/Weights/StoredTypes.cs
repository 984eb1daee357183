using NativeDiffusion.Tensors;

namespace NativeDiffusion.Weights;

/// <summary>The names and sizes of element types in safetensors headers.</summary>
internal static class StoredTypes
{
    /// <summary>The size of one element in bytes.</summary>
    public static int Size(this DType dtype) => dtype switch
    {
        DType.Float64 or DType.Int64 => 8,
        DType.Float32 or DType.Int32 => 4,
        DType.Float16 or DType.BFloat16 or DType.Int16 => 2,
        _ => 1,
    };

    /// <summary>Whether the type holds integers or booleans.</summary>
    public static bool IsInteger(this DType dtype) => dtype >= DType.Int64;

    /// <summary>The name in a safetensors header.</summary>
    public static string Name(this DType dtype) => dtype switch
    {
        DType.Float64 => "F64",
        DType.Float32 => "F32",
        DType.Float16 => "F16",
        DType.BFloat16 => "BF16",
        DType.Float8E4M3 => "F8_E4M3",
        DType.Float8E5M2 => "F8_E5M2",
        DType.Int64 => "I64",
        DType.Int32 => "I32",
        DType.Int16 => "I16",
        DType.Int8 => "I8",
        DType.UInt8 => "U8",
        _ => "BOOL",
    };

    /// <summary>Finds a type by its name in a safetensors header.</summary>
    public static bool TryParse(string? name, out DType dtype)
    {
        DType? found = name switch
        {
            "F64" => DType.Float64,
            "F32" => DType.Float32,
            "F16" => DType.Float16,
            "BF16" => DType.BFloat16,
            "F8_E4M3" => DType.Float8E4M3,
            "F8_E5M2" => DType.Float8E5M2,
            "I64" => DType.Int64,
            "I32" => DType.Int32,
            "I16" => DType.Int16,
            "I8" => DType.Int8,
            "U8" => DType.UInt8,
            "BOOL" => DType.Bool,
            _ => null,
        };
        dtype = found.GetValueOrDefault();
        return found is not null;
    }
}
