using System.Collections.Frozen;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Weights.Pickle;

/// <summary>
/// All globals that are accepted in a pickle: tensors and plain containers, and a few classes that training tools store
/// in checkpoints, which are kept as names. None is resolved or called; the reader only compares names.
/// </summary>
internal static class PickleGlobals
{
    private static readonly FrozenDictionary<string, PickleGlobal> s_known = Known().ToFrozenDictionary(global => global.FullName, StringComparer.Ordinal);

    /// <summary>Finds a name.</summary>
    /// <returns><returns>Null if it is not one of these.</returns></returns>
    public static PickleGlobal? Find(string module, string name) => s_known.GetValueOrDefault($"{module}.{name}");

    private static IEnumerable<PickleGlobal> Known()
    {
        yield return new("collections.OrderedDict", PickleMeaning.Dictionary);
        yield return new("collections.defaultdict", PickleMeaning.Dictionary);
        foreach (string builtins in (string[])["builtins", "__builtin__"])
        {
            yield return new($"{builtins}.dict", PickleMeaning.Dictionary);
            yield return new($"{builtins}.set", PickleMeaning.Set);
            yield return new($"{builtins}.list", PickleMeaning.Set);
        }

        yield return new("torch._utils._rebuild_tensor", PickleMeaning.RebuildTensor);
        yield return new("torch._utils._rebuild_tensor_v2", PickleMeaning.RebuildTensor);
        yield return new("torch._utils._rebuild_tensor_v3", PickleMeaning.RebuildTensorOfType);
        yield return new("torch._utils._rebuild_parameter", PickleMeaning.RebuildParameter);
        yield return new("torch._utils._rebuild_parameter_with_state", PickleMeaning.RebuildParameter);
        yield return new("torch._tensor._rebuild_from_type_v2", PickleMeaning.RebuildFromType);
        yield return new("torch.Size", PickleMeaning.Size);
        foreach ((string type, DType dtype) in ((string, DType)[])[("Double", DType.Float64), ("Float", DType.Float32), ("Half", DType.Float16),
            ("BFloat16", DType.BFloat16), ("Long", DType.Int64), ("Int", DType.Int32), ("Short", DType.Int16), ("Char", DType.Int8), ("Byte", DType.UInt8),
            ("Bool", DType.Bool)])
        {
            yield return new($"torch.{type}Storage", PickleMeaning.Storage, dtype);
            yield return new($"torch.cuda.{type}Storage", PickleMeaning.Storage, dtype);
        }

        yield return new("torch.storage.UntypedStorage", PickleMeaning.Storage);
        yield return new("torch.UntypedStorage", PickleMeaning.Storage);
        foreach ((string type, DType dtype) in ((string, DType)[])[("float64", DType.Float64), ("float32", DType.Float32), ("float16", DType.Float16),
            ("bfloat16", DType.BFloat16), ("float8_e4m3fn", DType.Float8E4M3), ("float8_e5m2", DType.Float8E5M2), ("int64", DType.Int64),
            ("int32", DType.Int32), ("int16", DType.Int16), ("int8", DType.Int8), ("uint8", DType.UInt8), ("bool", DType.Bool)])
            yield return new($"torch.{type}", PickleMeaning.ElementType, dtype);
        foreach (string inert in (string[])["torch.Tensor", "torch.device", "torch.nn.parameter.Parameter", "torch.nn.modules.container.ParameterDict",
            "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar", "numpy.dtype", "_codecs.encode",
            "pytorch_lightning.callbacks.model_checkpoint.ModelCheckpoint"])
            yield return new(inert, PickleMeaning.Inert);
    }
}
