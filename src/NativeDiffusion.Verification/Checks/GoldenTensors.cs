using NativeDiffusion.Tensors;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Verification;

/// <summary>Reads whole tensors of golden files.</summary>
internal static class GoldenTensors
{
    /// <summary>Reads a tensor's numbers.</summary>
    /// <exception cref="CheckpointException">The file has no such tensor.</exception>
    public static float[] ReadAll(this SafetensorsFile file, string name)
    {
        if (!file.TryGet(name, out TensorShape shape, out _))
            throw new CheckpointException($"{file.Description}: tensor '{name}' is missing; the golden file is not complete.", file.Description, name);
        float[] numbers = new float[shape.Count];
        file.Read(name, numbers);
        return numbers;
    }
}
