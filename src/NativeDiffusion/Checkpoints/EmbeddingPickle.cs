using NativeDiffusion.Weights;
using NativeDiffusion.Weights.Pickle;
using Tensor = NativeDiffusion.Tensors.Tensor;

namespace NativeDiffusion.Checkpoints;

/// <summary>Embeddings one level down in a pickle: <c>string_to_param</c> of the original implementation, and lists of dictionaries.</summary>
internal static class EmbeddingPickle
{
    /// <summary>Reads one.</summary>
    /// <param name="file">The open file.</param>
    /// <returns><returns>The vectors under their keys; null if the file has another format.</returns></returns>
    public static IReadOnlyList<(string Key, Tensor Vectors)>? Read(PickleCheckpoint file)
    {
        if (file.Root is List<object?> list) return [.. list.OfType<PickleDictionary>().SelectMany(item => Tensors(file, item))];
        object? inside = (file.Root as PickleDictionary)?["string_to_param"];

        // torch.nn.ParameterDict: its parameters are part of its state.
        if (inside is PickleInert { State: PickleDictionary state }) inside = state["_parameters"];
        return inside is PickleDictionary parameters ? [.. Tensors(file, parameters).Take(1)] : null;
    }

    private static IEnumerable<(string Key, Tensor Vectors)> Tensors(PickleCheckpoint file, PickleDictionary dictionary)
    {
        foreach ((object? key, object? value) in dictionary.Entries)
        {
            if (key is string name
                && value is PickleTensor tensor) yield return (name, TextualInversionFile.Matrix(file.Description, name, tensor.Shape, file.Read(tensor)));
        }
    }
}
