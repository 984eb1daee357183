using System.Security.Cryptography;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Checkpoints;

/// <summary>The hashes that A1111's generation parameters use for files.</summary>
public static class FileHashes
{
    private const int BufferBytes = 1 << 20;

    /// <summary>SHA-256 of a file's bytes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="progress">Receives the fraction done, from 0 to 1.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    /// <exception cref="CheckpointException">The file cannot be read.</exception>
    public static string Sha256(string path, IProgress<double>? progress = null, CancellationToken cancellationToken = default) =>
        Sha256(path, 0, long.MaxValue, progress, cancellationToken);

    /// <summary>A1111's model and VAE hash: the first 10 digits of the file's SHA-256.</summary>
    /// <param name="path">The file.</param>
    /// <param name="progress">Receives the fraction done, from 0 to 1.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <exception cref="CheckpointException">The file cannot be read.</exception>
    public static string ModelHash(string path, IProgress<double>? progress = null, CancellationToken cancellationToken = default) =>
        Sha256(path, progress, cancellationToken)[..10];

    /// <summary>A1111's model hash of 2022: 8 digits of the SHA-256 of the 64 KiB at 1 MiB.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="CheckpointException">The file cannot be read.</exception>
    public static string OldModelHash(string path) => Sha256(path, 0x100000, 0x10000, null, CancellationToken.None)[..8];

    /// <summary>A1111's hash of an embedding: the first 12 digits of the file's SHA-256.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="CheckpointException">The file cannot be read.</exception>
    public static string EmbeddingHash(string path) => Sha256(path)[..12];

    /// <summary>A1111's hash of a LoRA: 12 digits of the hash in its metadata, else of the SHA-256 of its tensors' bytes, without the header.</summary>
    /// <param name="path">A safetensors file; other files are hashed completely.</param>
    /// <param name="progress">Receives the fraction done, from 0 to 1.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <exception cref="CheckpointException">The file cannot be read.</exception>
    public static string LoraHash(string path, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        using IWeightFile file = WeightFile.Open(path);
        if (file.Metadata.TryGetValue("sshs_model_hash", out string? stored) && stored.Length >= 12 && stored.All(char.IsAsciiHexDigit)) return stored[..12]
            .ToLowerInvariant();
        long start = file is SafetensorsFile safetensors ? safetensors.DataOffset : 0;
        return Sha256(path, start, long.MaxValue, progress, cancellationToken)[..12];
    }

    private static string Sha256(string path, long start, long length, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 0, FileOptions.SequentialScan);
            stream.Position = start;
            long total = Math.Min(length, Math.Max(0, stream.Length - start));
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            byte[] buffer = new byte[BufferBytes];
            for (long done = 0; done < total;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int count = stream.Read(buffer, 0, (int)Math.Min(buffer.Length, total - done));
                if (count == 0) break;
                hash.AppendData(buffer, 0, count);
                done += count;
                progress?.Report((double)done / total);
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{path}: cannot be hashed: {exception.Message}", path, null, exception);
        }
    }
}
