using NativeDiffusion.Imaging;
using NativeDiffusion.Tensors;
using NativeDiffusion.Weights;
using Tensor = NativeDiffusion.Tensors.Tensor;

namespace NativeDiffusion.Checkpoints;

/// <summary>
/// A textual inversion (Gal et al. 2022, arXiv:2208.01618) in any of its formats: the original .pt, diffusers' learned_embeds, kohya's and A1111's
/// safetensors, SDXL's pair, ComfyUI's lists, and A1111's pictures with an embedding.
/// </summary>
public sealed class TextualInversionFile
{
    private TextualInversionFile(string path, string? storedName, Tensor vectors)
    {
        Path = path;
        Name = System.IO.Path.GetFileNameWithoutExtension(path);
        StoredName = storedName;
        Vectors = vectors;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Its name in prompts of A1111 and ComfyUI: the file's name without its extension.</summary>
    public string Name { get; }

    /// <summary>The name in the file itself (diffusers' token, the name given in training), or null.</summary>
    public string? StoredName { get; }

    /// <summary>[n, width], float32: the vectors that replace token embeddings.</summary>
    public Tensor Vectors { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">A .safetensors, .pt, .bin or .png file.</param>
    /// <param name="width">The width of the text encoder's embeddings (768 in Stable Diffusion 1.x); null for any.</param>
    /// <exception cref="CheckpointException">The file is not an embedding, or its vectors have another width.</exception>
    public static TextualInversionFile Open(string path, int? width = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        (string? name, IReadOnlyList<(string Key, Tensor Vectors)> found) = Read(path);
        IReadOnlyList<(string Key, Tensor Vectors)> fitting = width is null ? found : [.. found.Where(item => item.Vectors.Shape[1] == width)];
        if (found.Count == 0) throw new CheckpointException(
            $"{path}: must hold an embedding (emb_params, string_to_param, or one tensor under its word), but has none.", path);
        if (fitting.Count == 0)
        {
            int other = found[0].Vectors.Shape[1];
            string model = other switch { 768 => "Stable Diffusion 1.x", 1024 => "Stable Diffusion 2", 1280 => "Stable Diffusion XL", _ => "another model" };
            throw new CheckpointException(
                $"{path}: the vectors must be {width} wide for this model's text encoder, but are {other}; the embedding was made for {model}.", path, found[0]
                .Key);
        }

        return new TextualInversionFile(path, name ?? (fitting.Count == 1 ? Word(fitting[0].Key) : null), Joined(path, fitting));
    }

    private static (string? Name, IReadOnlyList<(string Key, Tensor Vectors)> Found) Read(string path)
    {
        if (EmbeddingPicture.IsPng(path)) return EmbeddingPicture.Read(path);
        using IWeightFile file = WeightFile.Open(path);
        if (file is PickleCheckpoint pickle && EmbeddingPickle.Read(pickle) is { } inside) return (pickle.Metadata.GetValueOrDefault("name"), inside);
        var found = new List<(string, Tensor)>();
        foreach (string key in Keys(file))
        {
            if (!file.TryGet(key, out TensorShape shape, out _) || shape.Count is 0 or > 1 << 24) continue;
            float[] numbers = new float[shape.Count];
            file.Read(key, numbers);
            found.Add((key, Matrix(path, key, shape, numbers)));
        }

        return (file.Metadata.GetValueOrDefault("name"), found);
    }

    // SDXL's files have a vector set for each of its encoders; the first is Stable Diffusion 1.x's.
    private static IEnumerable<string> Keys(IWeightFile file)
    {
        if (file.Names.Contains("emb_params")) return ["emb_params"];
        if (file.Names.Contains("clip_l")) return ["clip_l"];
        return file.Names.Count == 1 ? file.Names : throw new CheckpointException(
            $"{file.Description}: must hold one embedding, but has {file.Names.Count} tensors and none of them is emb_params or clip_l.", file.Description);
    }

    /// <summary>A tensor as [n, width]; a single vector may have one dimension.</summary>
    internal static Tensor Matrix(string path, string key, TensorShape shape, float[] numbers)
    {
        if (shape.Rank is not (1 or 2) || shape.Count == 0)
            throw new CheckpointException($"{path}: '{key}' must be vectors [n, width], but has shape {shape}.", path, key);
        return new Tensor(shape.Rank == 2 ? shape : new TensorShape(1, shape[0]), numbers);
    }

    private static Tensor Joined(string path, IReadOnlyList<(string Key, Tensor Vectors)> parts)
    {
        int width = parts[0].Vectors.Shape[1];
        if (parts.Any(part => part.Vectors.Shape[1] != width)) throw new CheckpointException($"{path}: its vectors have different widths.", path, parts[0].Key);
        return parts.Count == 1 ? parts[0].Vectors
            : new Tensor(new TensorShape(parts.Sum(part => part.Vectors.Shape[0]), width), [.. parts.SelectMany(part => part.Vectors.Data)]);
    }

    private static string? Word(string key) => key is "emb_params" or "clip_l" or "*" ? null : key;
}
