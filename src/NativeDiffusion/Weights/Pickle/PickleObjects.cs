using NativeDiffusion.Tensors;

namespace NativeDiffusion.Weights.Pickle;

/// <summary>The results of REDUCE, NEWOBJ, BUILD and persistent ids: data from data, by the reader's own few rules.</summary>
/// <param name="file">The file's name, for messages.</param>
internal readonly struct PickleObjects(string file)
{
    private const long LargestRepeat = 1 << 20;

    /// <summary>The persistent id of a storage: ('storage', class, key, location, count[, (view key, first element, count)]).</summary>
    public PickleStorage Storage(object? id)
    {
        if (id is not object?[] { Length: 5 or 6 } parts || parts[0] is not "storage" || parts[1] is not PickleGlobal { Meaning: PickleMeaning.Storage } type
            || parts[4] is not long count || count < 0)
            throw new CheckpointException($"{file}: a persistent id in the pickle must name a storage with its class, key, location and length.", file);
        string key = parts[2] as string
            ?? (parts[2] is long number ? number.ToString(System.Globalization.CultureInfo.InvariantCulture)
            : throw new CheckpointException($"{file}: a storage's key must be a string.", file));
        if (parts.Length == 5 || parts[5] is null) return new PickleStorage(key, type.Storage, count, 0);
        return parts[5] is object?[] { Length: 3 } view && view[1] is long first && view[2] is long length && first >= 0 && length >= 0 && first <= count
            && length <= count - first
            ? new PickleStorage(key, type.Storage, length, first)
            : throw new CheckpointException($"{file}: storage '{key}': a view must lie within its {count} elements.", file, key);
    }

    /// <summary>The result of calling a supported global.</summary>
    public object? Call(object? function, object? arguments)
    {
        if (function is not PickleGlobal global) throw new CheckpointException($"{file}: the pickle calls an object that is not a global.", file);
        object?[] given = arguments as object?[] ?? [];
        switch (global.Meaning)
        {
            case PickleMeaning.Dictionary: return Dictionary(given);
            case PickleMeaning.Set: return given is [List<object?> items] ? items : new List<object?>();
            case PickleMeaning.RebuildTensor or PickleMeaning.RebuildTensorOfType: return Tensor(global, given);
            case PickleMeaning.RebuildParameter: return given is [PickleTensor tensor, ..] ? tensor : throw Arguments(global);
            case PickleMeaning.RebuildFromType:
                return given is [PickleGlobal { Meaning: not PickleMeaning.RebuildFromType }, _, object?[] inner, ..]
                ? Call(given[0], inner) : throw Arguments(global);
            case PickleMeaning.Size: return given is [object?[] size] ? size : given;
            case PickleMeaning.Inert: return new PickleInert(global);
            default: throw Arguments(global);
        }
    }

    /// <summary>Sets an object's state, if it has one.</summary>
    public void Build(object? target, object? state)
    {
        // A state dict is an OrderedDict whose state is its version numbers, which are not needed.
        if (target is PickleInert inert) inert.State = state;
        else if (target is not (PickleDictionary or PickleTensor))
        {
            throw new CheckpointException($"{file}: the pickle sets the state of an object without state.", file);
        }
    }

    private static PickleDictionary Dictionary(object?[] arguments)
    {
        // Python 2's OrderedDict has a list of pairs as argument.
        var dictionary = new PickleDictionary();
        if (arguments is not [List<object?> pairs]) return dictionary;
        foreach (object? pair in pairs)
        {
            if (pair is List<object?> { Count: 2 } list) dictionary.Set(list[0], list[1]);
            else if (pair is object?[] { Length: 2 } tuple) dictionary.Set(tuple[0], tuple[1]);
        }

        return dictionary;
    }

    private PickleTensor Tensor(PickleGlobal global, object?[] given)
    {
        if (given is not [PickleStorage storage, long offset, object?[] size, object?[] stride, ..] || size.Length != stride.Length
            || size.Length > 16) throw Arguments(global);
        DType? dtype = storage.DType;
        if (global.Meaning == PickleMeaning.RebuildTensorOfType)
            dtype = given is [.., PickleGlobal { Meaning: PickleMeaning.ElementType } type] ? type.Storage : throw Arguments(global);
        if (dtype is null) throw new CheckpointException($"{file}: a tensor of the untyped storage '{storage.Key}' must state its type.", file, storage.Key);
        int[] extents = new int[size.Length];
        long[] strides = new long[size.Length];
        Int128 last = 0;
        Int128 count = 1;
        for (int i = 0; i < extents.Length; i++)
        {
            if (size[i] is not long extent || extent is < 0 or > int.MaxValue || stride[i] is not long step || step < 0) throw Arguments(global);
            (extents[i], strides[i]) = ((int)extent, step);
            last += (extent - 1) * (Int128)step;

            // Capped, so that sixteen factors cannot overflow; a true zero stays zero.
            count = Int128.Min(count * extent, (Int128)1 << 62);
        }

        long available = storage.DType is null ? storage.Count / dtype.Value.Size() : storage.Count;
        if (offset < 0 || (count > 0 && offset + last >= available))
            throw new CheckpointException(
                $"{file}: a tensor of shape [{string.Join(", ", extents)}] and strides [{string.Join(", ", strides)}] at {offset} must lie within its storage "
                    + $"'{storage.Key}' of {available} elements.", file, storage.Key);

        // A stride of 0 repeats elements: a few bytes could have any size.
        if (count > long.Max(available, LargestRepeat))
            throw new CheckpointException(
                $"{file}: a tensor of shape [{string.Join(", ", extents)}] has {count} elements, but its storage '{storage.Key}' only {available}.", file,
                storage.Key);
        return new PickleTensor(storage, dtype.Value, offset, new TensorShape(extents), strides, count == 0 ? 0 : (long)last + 1);
    }

    private CheckpointException Arguments(PickleGlobal global) => new($"{file}: the pickle gives {global.FullName} invalid arguments.", file);
}
