using System.Text.Json;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Weights;

/// <summary>
/// The header of a safetensors file: a 64-bit little-endian length, then so many bytes of JSON, then the data.
/// Everything in it is checked here, before any data is read.
/// </summary>
internal sealed class SafetensorsHeader
{
    /// <summary>The maximum accepted header length, in bytes; SD1.5 needs about 100 KB.</summary>
    public const int MaximumLength = 100_000_000;

    private readonly string _file;
    private readonly long _dataStart;
    private readonly long _dataLength;
    private readonly Dictionary<string, StoredTensor> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private bool _metadataSeen;

    private SafetensorsHeader(string file, long dataStart, long dataLength)
    {
        _file = file;
        _dataStart = dataStart;
        _dataLength = dataLength;
    }

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, StoredTensor> Tensors => _tensors;

    /// <summary>The content of <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <summary>Checks the length field.</summary>
    /// <param name="file">The file's name, for messages.</param>
    /// <param name="length">The first 8 bytes as an unsigned number.</param>
    /// <param name="fileLength">The file's length in bytes.</param>
    /// <returns>The header's length in bytes.</returns>
    public static int CheckLength(string file, ulong length, long fileLength)
    {
        if (length > (ulong)(fileLength - 8))
            throw new CheckpointException(
                $"{file}: the header claims {length} bytes, but only {fileLength - 8} follow it; the file is truncated or not a safetensors file.", file);
        if (length > MaximumLength)
            throw new CheckpointException($"{file}: the header claims {length} bytes, but at most {MaximumLength} are accepted.", file);
        return (int)length;
    }

    /// <summary>Reads and checks a header.</summary>
    /// <param name="file">The file's name, for messages.</param>
    /// <param name="json">The header without its length field.</param>
    /// <param name="fileLength">The file's length in bytes.</param>
    /// <exception cref="CheckpointException">The header is invalid; the message says where.</exception>
    public static SafetensorsHeader Parse(string file, ReadOnlySpan<byte> json, long fileLength)
    {
        var header = new SafetensorsHeader(file, 8 + json.Length, fileLength - 8 - json.Length);
        try
        {
            header.ReadEntries(json);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string that is not valid UTF-8.
            throw new CheckpointException($"{file}: the header is not valid JSON: {exception.Message}", file, null, exception);
        }

        header.CheckOverlaps();
        return header;
    }

    private void ReadEntries(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 8 });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new CheckpointException($"{_file}: the header must be a JSON object, but begins with {Kind(reader.TokenType)}.", _file);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            if (name == "__metadata__") ReadMetadata(ref reader);
            else if (!_tensors.TryAdd(name, ReadTensor(ref reader, name))) throw Duplicate(name);
        }

        // Only blanks (padding) may follow.
        if (reader.Read()) throw new CheckpointException($"{_file}: the header goes on after its JSON object.", _file);
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        if (_metadataSeen) throw Duplicate("__metadata__");
        _metadataSeen = true;
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Bad("__metadata__", "must be an object of strings", Kind(reader.TokenType));
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String) throw Bad("__metadata__", $"entry '{key}' must be a string", Kind(reader.TokenType));
            if (!_metadata.TryAdd(key, reader.GetString()!)) throw Duplicate($"__metadata__.{key}");
        }
    }

    private StoredTensor ReadTensor(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Bad(name, "must be an object with dtype, shape and data_offsets", Kind(reader.TokenType));
        string? dtypeName = null;
        List<long>? extents = null;
        List<long>? offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string field = reader.GetString()!;
            reader.Read();
            switch (field)
            {
                case "dtype" when dtypeName is null:
                    dtypeName = reader.TokenType == JsonTokenType.String ? reader.GetString()!
                        : throw Bad(name, "dtype must be a string", Kind(reader.TokenType));
                    break;
                case "shape" when extents is null: extents = ReadNumbers(ref reader, name, field); break;
                case "data_offsets" when offsets is null: offsets = ReadNumbers(ref reader, name, field); break;
                case "dtype" or "shape" or "data_offsets": throw Duplicate($"{name}.{field}");
                default: throw Bad(name, "has the fields dtype, shape and data_offsets alone", $"'{field}'");
            }
        }

        if (dtypeName is null || extents is null || offsets is null)
            throw Bad(name, "needs dtype, shape and data_offsets", $"no {(dtypeName is null ? "dtype" : extents is null ? "shape" : "data_offsets")}");
        return Check(name, dtypeName, extents, offsets);
    }

    private List<long> ReadNumbers(ref Utf8JsonReader reader, string name, string field)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw Bad(name, $"{field} must be a list of whole numbers", Kind(reader.TokenType));
        var numbers = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long number) || number < 0)
                throw Bad(
                    name, $"{field} must be a list of whole numbers, zero or more", reader.TokenType == JsonTokenType.Number
                    ? System.Text.Encoding.UTF8.GetString(reader.ValueSpan) : Kind(reader.TokenType));
            if (numbers.Count == 16) throw Bad(name, $"{field} has at most 16 entries", "more");
            numbers.Add(number);
        }

        return numbers;
    }

    private StoredTensor Check(string name, string dtypeName, List<long> extents, List<long> offsets)
    {
        if (!StoredTypes.TryParse(dtypeName, out DType dtype))
            throw Bad(name, "dtype must be one of F64, F32, F16, BF16, F8_E4M3, F8_E5M2, I64, I32, I16, I8, U8, BOOL", $"'{dtypeName}'");
        if (offsets.Count != 2) throw Bad(name, "data_offsets must be two numbers", $"{offsets.Count}");
        (long begin, long end) = (offsets[0], offsets[1]);
        if (begin > end) throw Bad(name, "data_offsets must not run backwards", $"[{begin}, {end}]");
        if (end > _dataLength)
            throw Bad(name, $"data_offsets must lie within the {_dataLength} bytes of data", $"[{begin}, {end}]; the file is truncated or damaged");
        string shape = $"[{string.Join(", ", extents)}]";
        UInt128 bytes = (UInt128)dtype.Size();
        int[] dimensions = new int[extents.Count];
        for (int i = 0; i < dimensions.Length; i++)
        {
            // Each product stays far below 2^128: it is capped as soon as it exceeds the size of any file.
            bytes = UInt128.Min(bytes * (ulong)extents[i], long.MaxValue);
            if (extents[i] > int.MaxValue) throw Bad(name, $"extents must be below {int.MaxValue}", $"shape {shape}");
            dimensions[i] = (int)extents[i];
        }

        if (extents.Contains(0)) bytes = 0;
        if (bytes != (ulong)(end - begin))
            throw Bad(name, $"{dtypeName} of shape {shape} takes {bytes} bytes", $"data_offsets [{begin}, {end}], which are {end - begin}");
        try
        {
            return new StoredTensor(name, dtype, new TensorShape(dimensions), _dataStart + begin);
        }
        catch (OverflowException exception)
        {
            throw new CheckpointException($"{_file}: tensor '{name}': shape {shape} is too large.", _file, name, exception);
        }
    }

    private void CheckOverlaps()
    {
        StoredTensor? last = null;
        foreach (StoredTensor tensor in _tensors.Values.Where(tensor => tensor.ByteCount > 0).OrderBy(tensor => tensor.Offset))
        {
            if (last is not null && tensor.Offset < last.Offset + last.ByteCount)
                throw Bad(
                    tensor.Name, "data must not overlap another tensor's",
                    $"it begins at {tensor.Offset - _dataStart}, inside '{last.Name}' ([{last.Offset - _dataStart}, "
                        + $"{last.Offset - _dataStart + last.ByteCount}])");
            last = tensor;
        }
    }

    private CheckpointException Bad(string name, string expected, string found) =>
        new(name == "__metadata__" ? $"{_file}: __metadata__ {expected}, found {found}."
            : $"{_file}: tensor '{name}': {expected}, found {found}.", _file, name);

    private CheckpointException Duplicate(string name) => new($"{_file}: the header holds the key '{name}' twice.", _file, name);

    private static string Kind(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a truth value",
        JsonTokenType.Null => "null",
        _ => "nothing",
    };
}
