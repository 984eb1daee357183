using System.Buffers.Binary;

namespace NativeDiffusion.Weights.Pickle;

/// <summary>
/// The storages behind the pickles of an old PyTorch file: in the order of their list, each a 64-bit count of elements and the elements.
/// The start of one depends on the element sizes of the preceding ones, which only the tensors' pickle defines.
/// </summary>
internal sealed class LegacyStorages
{
    private readonly MappedFile _file;
    private readonly Dictionary<string, StorageRun> _runs = new(StringComparer.Ordinal);

    /// <summary>Locates the storages.</summary>
    /// <param name="file">The file.</param>
    /// <param name="start">The start of the first one.</param>
    /// <param name="keys">Their keys, in the order of the file.</param>
    /// <param name="storages">The storages that the tensors' pickle names, with their types.</param>
    /// <exception cref="CheckpointException">The file is truncated, or a key is listed twice.</exception>
    public LegacyStorages(MappedFile file, long start, List<object?> keys, IEnumerable<PickleStorage> storages)
    {
        _file = file;
        Dictionary<string, int> sizes = new(StringComparer.Ordinal);
        foreach (PickleStorage storage in storages) sizes[storage.Key] = storage.DType?.Size() ?? 1;
        long at = start;
        foreach (object? item in keys)
        {
            string key = item as string ?? $"{item}";
            if (at > file.Length - 8) throw Truncated(key, at);
            long count;
            using (MappedView view = file.View(at, 8)) count = BinaryPrimitives.ReadInt64LittleEndian(view.Span);
            int size = sizes.GetValueOrDefault(key, 1);
            if (count < 0 || count > (file.Length - at - 8) / size) throw Truncated(key, at);
            if (!_runs.TryAdd(key, new StorageRun(at + 8, count * size, count * size, Deflated: false)))
                throw new CheckpointException($"{file.Path}: storage '{key}' is listed twice.", file.Path, key);
            at += 8 + (count * size);
        }
    }

    /// <summary>Finds a storage.</summary>
    public StorageRun Find(PickleStorage storage) =>
        _runs.GetValueOrDefault(storage.Key)
        ?? throw new CheckpointException($"{_file.Path}: storage '{storage.Key}' is missing from the file's list.", _file.Path, storage.Key);

    private CheckpointException Truncated(string key, long at) =>
        new($"{_file.Path}: storage '{key}' at byte {at} goes beyond the {_file.Length} bytes of the file; it is truncated.", _file.Path, key);
}
