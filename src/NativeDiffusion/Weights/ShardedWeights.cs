using System.Text.Json;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Weights;

/// <summary>Weights spread over several files by an index (<c>model.safetensors.index.json</c>). Reading is thread-safe.</summary>
public sealed class ShardedWeights : IWeightFile
{
    private readonly Dictionary<string, IWeightFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IWeightFile> _tensors = new(StringComparer.Ordinal);

    private ShardedWeights(string path) => Description = path;

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Names => _tensors.Keys;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Metadata { get; private set; } = new Dictionary<string, string>();

    /// <summary>The files, full paths.</summary>
    public IEnumerable<string> Files => _files.Values.Select(file => file.Description);

    /// <summary>Opens an index and all files in it.</summary>
    /// <param name="path">The index file.</param>
    /// <exception cref="CheckpointException">The index or one of its files cannot be read, or they do not match.</exception>
    public static ShardedWeights Open(string path)
    {
        JsonElement root = LenientJson.ReadFile(path);
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("weight_map", out JsonElement map) || map.ValueKind != JsonValueKind.Object)
            throw new CheckpointException(
                $"{path}: an index of weights must hold an object 'weight_map' from tensor to file, but has none.", path, "weight_map");
        var sharded = new ShardedWeights(path);
        try
        {
            foreach (JsonProperty entry in map.EnumerateObject()) sharded.Add(entry);
            sharded.Metadata = sharded._files.Values.FirstOrDefault()?.Metadata ?? sharded.Metadata;
            return sharded;
        }
        catch
        {
            sharded.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public bool TryGet(string name, out TensorShape shape, out DType dtype)
    {
        if (_tensors.TryGetValue(name, out IWeightFile? file)) return file.TryGet(name, out shape, out dtype);
        (shape, dtype) = (default, default);
        return false;
    }

    /// <inheritdoc/>
    public void Read(string name, Span<float> destination) => FileOf(name).Read(name, destination);

    /// <inheritdoc/>
    public void ReadBytes(string name, TensorShape shape, DType dtype, Span<byte> destination) => FileOf(name).ReadBytes(name, shape, dtype, destination);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IWeightFile file in _files.Values) file.Dispose();
    }

    private IWeightFile FileOf(string name) => _tensors.TryGetValue(name, out IWeightFile? file) ? file
        : throw new CheckpointException($"{Description}: tensor '{name}' does not exist.", Description, name);

    private void Add(JsonProperty entry)
    {
        // A shard is beside its index: a name with a folder in it could refer to any file on the disk.
        string? shard = entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString() : null;
        if (string.IsNullOrEmpty(shard) || shard is "." or ".." || shard.AsSpan().IndexOfAny('/', '\\', ':') >= 0
            || shard.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            throw new CheckpointException(
                $"{Description}: weight_map entry '{entry.Name}' must be the name of a file beside the index, found {entry.Value.GetRawText()}.", Description,
                entry.Name);
        if (!_files.TryGetValue(shard, out IWeightFile? file))
        {
            file = WeightFile.Open(Path.Combine(Path.GetDirectoryName(Description) ?? "", shard));
            _files.Add(shard, file);
        }

        if (!file.TryGet(entry.Name, out _, out _))
            throw new CheckpointException($"{Description}: tensor '{entry.Name}' must be in {shard}, but that file does not hold it.", Description, entry.Name);
        _tensors[entry.Name] = file;
    }
}
