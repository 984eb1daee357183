namespace NativeDiffusion.Weights;

/// <summary>Opens a weight file of any supported format, detected by its content and not by its name.</summary>
public static class WeightFile
{
    /// <summary>Opens safetensors, PyTorch pickles (.ckpt, .pt, .pth, .bin) and index files of shards (.index.json).</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="CheckpointException">The file cannot be read or is none of these.</exception>
    public static IWeightFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (path.EndsWith(".json", StringComparison.OrdinalIgnoreCase)) return ShardedWeights.Open(path);
        byte[] start;
        using (MappedFile file = MappedFile.Open(path))
        using (MappedView view = file.View(0, (int)Math.Min(64, file.Length)))
            start = view.Span.ToArray();

        // Zip archives begin with "PK", older pickles with the protocol opcode. The first byte of a safetensors file is the low byte
        // of its header's length, so it is detected by the brace at its ninth byte, and by elimination.
        if (start.AsSpan().StartsWith("PK"u8)) return PickleCheckpoint.Open(path);
        if (start.Length > 8 && start[8] == (byte)'{') return SafetensorsFile.Open(path);
        if (start.Length > 2 && start[0] == 0x80 && start[1] is >= 1 and <= 5) return PickleCheckpoint.Open(path);
        if (start.AsSpan().StartsWith("GGUF"u8))
            throw new CheckpointException($"{path}: is a GGUF file; expected safetensors or a PyTorch checkpoint. Convert it, or use the original.", path);
        return SafetensorsFile.Open(path);
    }
}
