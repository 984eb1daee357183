using System.Globalization;
using NativeDiffusion.Tensors;
using NativeDiffusion.Weights.Pickle;

namespace NativeDiffusion.Weights;

/// <summary>
/// A PyTorch checkpoint (.ckpt, .pt, .pth, .bin), in the zip format or the one before PyTorch 1.6. Its pickle may contain tensors and
/// plain containers only; any other global in it is rejected by name, and nothing is executed. Stored tensors are mapped while they are read.
/// Reading is thread-safe.
/// </summary>
public sealed class PickleCheckpoint : IWeightFile
{
    private readonly MappedFile _file;
    private readonly Func<PickleStorage, StorageRun> _find;
    private readonly Dictionary<string, PickleTensor> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StorageRun> _runs = new(StringComparer.Ordinal);

    private PickleCheckpoint(MappedFile file)
    {
        _file = file;
        (Root, _find) = TorchArchive.Open(file);
        if (Root is not PickleDictionary root)
        {
            // Some embeddings are lists of dictionaries; a checkpoint never is.
            if (Root is List<object?>) return;
            throw new CheckpointException($"{file.Path}: a PyTorch checkpoint must hold a dictionary of tensors, found {Describe(Root)}.", file.Path);
        }

        AddMetadata(root);
        AddTensors(root["state_dict"] as PickleDictionary ?? root);
    }

    /// <inheritdoc/>
    public string Description => _file.Path;

    /// <summary>The names of the tensors of <c>state_dict</c>, or of the root if there is none.</summary>
    public IReadOnlyCollection<string> Names => _tensors.Keys;

    /// <summary>Plain values beside the tensors (<c>global_step</c>, <c>name</c>), as strings.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <summary>Whether it is an embedding in the original textual inversion format, or a list of embeddings.</summary>
    internal bool HoldsEmbedding => Root is List<object?> || (Root as PickleDictionary)?["string_to_param"] is not null;

    /// <summary>The content of the pickle, for files of other layouts.</summary>
    internal object? Root { get; }

    /// <summary>Opens a checkpoint; the locations of all tensors are checked.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="CheckpointException">The file is damaged, or its pickle contains more than data.</exception>
    public static PickleCheckpoint Open(string path)
    {
        MappedFile file = MappedFile.Open(path);
        try
        {
            return new PickleCheckpoint(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public bool TryGet(string name, out TensorShape shape, out DType dtype)
    {
        bool found = _tensors.TryGetValue(name, out PickleTensor? tensor);
        (shape, dtype) = found ? (tensor!.Shape, tensor.DType) : (default, default);
        return found;
    }

    /// <inheritdoc/>
    public void Read(string name, Span<float> destination)
    {
        if (!_tensors.TryGetValue(name, out PickleTensor? tensor))
            throw new CheckpointException($"{Description}: tensor '{name}' does not exist.", Description, name);
        if (tensor.Shape.Count != destination.Length)
            throw new CheckpointException(
                $"{Description}: tensor '{name}' of shape {tensor.Shape} holds {tensor.Shape.Count} numbers, but {destination.Length} were requested.",
                Description, name);
        Read(tensor, _runs[tensor.Storage.Key], destination);
    }

    /// <summary>Reads a tensor found in <see cref="Root"/>.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <returns>Its numbers, row-major.</returns>
    internal float[] Read(PickleTensor tensor)
    {
        float[] numbers = new float[tensor.Shape.Count];
        Read(tensor, FindRun(tensor.Storage), numbers);
        return numbers;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void AddMetadata(PickleDictionary root)
    {
        foreach ((object? key, object? value) in root.Entries)
        {
            string? text = value switch
            {
                string plain => plain,
                long or double or bool => string.Create(CultureInfo.InvariantCulture, $"{value}"),
                _ => null,
            };
            if (key is string name && text is { Length: <= 10_000 }) _metadata[name] = text;
        }
    }

    private void AddTensors(PickleDictionary tensors)
    {
        foreach ((object? key, object? value) in tensors.Entries)
        {
            if (key is not string name || value is not PickleTensor tensor) continue;
            if (!_runs.ContainsKey(tensor.Storage.Key)) _runs.Add(tensor.Storage.Key, FindRun(tensor.Storage));
            CheckRun(tensor.Storage, _runs[tensor.Storage.Key]);
            _tensors[name] = tensor;
        }
    }

    private StorageRun FindRun(PickleStorage storage)
    {
        StorageRun run = _find(storage);
        CheckRun(storage, run);
        return run;
    }

    private void CheckRun(PickleStorage storage, StorageRun run)
    {
        int size = storage.DType?.Size() ?? 1;
        if (((Int128)storage.FirstElement + storage.Count) * size > run.Length)
            throw new CheckpointException(
                $"{Description}: storage '{storage.Key}' of {storage.Count} elements takes {(Int128)storage.Count * size} bytes, but {run.Length} are there.",
                Description, storage.Key);
    }

    private void Read(PickleTensor tensor, StorageRun run, Span<float> destination)
    {
        if (tensor.Span == 0) return;
        if (tensor.IsDense)
        {
            ReadRun(tensor, run, destination);
            return;
        }

        if (tensor.Span > Array.MaxLength)
            throw new CheckpointException($"{Description}: a view over {tensor.Span} elements is too wide to be read.", Description, tensor.Storage.Key);
        float[] span = new float[tensor.Span];
        ReadRun(tensor, run, span);
        Gather(tensor, span, destination);
    }

    private unsafe void ReadRun(PickleTensor tensor, StorageRun run, Span<float> destination)
    {
        int size = tensor.DType.Size();
        long first = ((tensor.Storage.DType is null ? 0 : tensor.Storage.FirstElement) + tensor.Offset) * size;
        if (tensor.Storage.DType is null) first += tensor.Storage.FirstElement;
        fixed (float* pinned = destination)
        {
            float* numbers = pinned;
            int length = destination.Length;
            TorchArchive.Unpack(
                _file,
                run,
                first,
                (piece, at) => StoredNumbers.ToSingle(piece, tensor.DType, new Span<float>(numbers, length).Slice((int)(at / size), piece.Length / size)),
                (long)length * size,
                size);
        }
    }

    private static void Gather(PickleTensor tensor, float[] span, Span<float> destination)
    {
        int rank = tensor.Shape.Rank;
        int[] index = new int[rank];
        long at = 0;
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = span[at];
            for (int axis = rank - 1; axis >= 0; axis--)
            {
                at += tensor.Strides[axis];
                if (++index[axis] < tensor.Shape[axis]) break;
                at -= tensor.Strides[axis] * tensor.Shape[axis];
                index[axis] = 0;
            }
        }
    }

    private static string Describe(object? value) => value switch
    {
        null => "None",
        PickleTensor => "a single tensor",
        PickleInert inert => $"an object of {inert.Global.FullName}",
        string => "a string",
        object?[] => "a tuple",
        _ => "a plain value",
    };
}
