using System.Buffers.Binary;
using System.Security.Cryptography;

namespace NativeDiffusion.Cuda.Compilation;

/// <summary>
/// Compiled kernels on disk, one file per entry: cubin and PTX of one compilation, keyed by the hash of all its inputs.
/// Entries are written atomically (to a temporary file, then renamed), so that several processes may share the folder; one with a wrong
/// checksum is recompiled. A cache that cannot be read or written is not an error: the kernel is compiled instead.
/// </summary>
public sealed class KernelCache
{
    /// <summary>Default size limit of the folder in bytes: several times the size of all kernels for one GPU.</summary>
    public const long DefaultLimit = 256L << 20;

    private const string Extension = ".kernel";
    private const string Unfinished = ".tmp";
    private const uint Magic = 0x314B444E; // "NDK1"
    private const int HeaderBytes = 12;

    private readonly string _folder;
    private readonly long _limit;
    private readonly CacheDisk _disk;

    /// <param name="folder">The folder; created when needed.</param>
    /// <param name="limit">Size limit in bytes; least recently used entries are evicted first.</param>
    public KernelCache(string folder, long limit = DefaultLimit)
        : this(folder, limit, new CacheDisk())
    {
    }

    /// <summary>Like the public constructor, with another file system.</summary>
    internal KernelCache(string folder, long limit, CacheDisk disk)
    {
        _folder = folder;
        _limit = limit;
        _disk = disk;
    }

    /// <summary>The user's cache folder: NDIFF_CACHE, or the platform's default.</summary>
    public static string DefaultFolder
    {
        get
        {
            if (Environment.GetEnvironmentVariable("NDIFF_CACHE") is { Length: > 0 } chosen)
                return Path.Combine(chosen, "kernels");
            string? user = OperatingSystem.IsWindows() ? null : Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            if (string.IsNullOrEmpty(user))
                user = OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                    : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
            return Path.Combine(user, "ndiff", "kernels");
        }
    }

    /// <summary>The key of a compilation: a hash of its sources, all options, the compiler and the architecture.</summary>
    public static string Key(KernelSources sources, KernelVariant variant, string architecture, string compiler) =>
        sources.Hash(variant.Source, compiler, KernelCompiler.Options(variant, architecture));

    /// <summary>An entry, or null if there is none or it is damaged.</summary>
    public KernelImage? Read(string key, string architecture)
    {
        string path = PathOf(key);
        byte[]? entry = null;
        if (!Try(() => entry = _disk.Read(path)) || entry is null)
            return null;
        KernelImage? image = Parse(entry, architecture);
        // An entry of another user can be read, although its access time cannot be set.
        Try(() =>
        {
            if (image is not null)
                _disk.Touch(path);
            else
                _disk.Delete(path);
        });
        return image;
    }

    /// <summary>Writes an entry, if possible.</summary>
    /// <returns>Why it was not written; null if it was.</returns>
    public string? Write(string key, KernelImage image)
    {
        string aside = Path.Combine(_folder, $"{key}.{Environment.ProcessId}.{Guid.NewGuid():N}{Unfinished}");
        Exception? lost = null;
        bool isKept = Try(() =>
        {
            _disk.MakeFolder(_folder);
            _disk.Write(aside, Serialize(image));
            _disk.Replace(aside, PathOf(key));
        }, exception => lost = exception);
        // Incomplete files must not fill a full disk further.
        Try(() =>
        {
            if (isKept)
                Trim(key);
            else
                _disk.Delete(aside);
        });
        return lost?.Message;
    }

    private static byte[] Serialize(KernelImage image)
    {
        byte[] entry = new byte[HeaderBytes + image.Cubin.Length + image.Ptx.Length + SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(entry, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(4), image.Cubin.Length);
        BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(8), image.Ptx.Length);
        image.Cubin.Span.CopyTo(entry.AsSpan(HeaderBytes));
        image.Ptx.Span.CopyTo(entry.AsSpan(HeaderBytes + image.Cubin.Length));
        SHA256.HashData(entry.AsSpan(..^SHA256.HashSizeInBytes), entry.AsSpan(^SHA256.HashSizeInBytes..));
        return entry;
    }

    private static KernelImage? Parse(byte[] entry, string architecture)
    {
        if (entry.Length < HeaderBytes + SHA256.HashSizeInBytes || BinaryPrimitives.ReadUInt32LittleEndian(entry) != Magic)
            return null;
        long cubin = BinaryPrimitives.ReadInt32LittleEndian(entry.AsSpan(4));
        long ptx = BinaryPrimitives.ReadInt32LittleEndian(entry.AsSpan(8));
        if (cubin < 0 || ptx < 0 || HeaderBytes + cubin + ptx + SHA256.HashSizeInBytes != entry.Length)
            return null;
        if (!SHA256.HashData(entry.AsSpan(..^SHA256.HashSizeInBytes)).AsSpan().SequenceEqual(entry.AsSpan(^SHA256.HashSizeInBytes..)))
            return null;
        return new KernelImage(architecture, entry.AsMemory(HeaderBytes, (int)cubin), entry.AsMemory(HeaderBytes + (int)cubin, (int)ptx));
    }

    // Oldest first, never the one just written. Temporary files of crashed processes are counted and evicted like entries; other files are ignored.
    private void Trim(string key)
    {
        FileInfo[] files = [.. _disk.List(_folder).Where(file => file.Extension is Extension or Unfinished)];
        long bytes = files.Sum(file => file.Length);
        foreach (FileInfo file in files)
        {
            if (bytes <= _limit)
                return;
            if (file.Name == key + Extension || (file.Extension == Unfinished && file.LastWriteTimeUtc > DateTime.UtcNow.AddHours(-1)))
                continue;
            bytes -= file.Length;
            _disk.Delete(file.FullName);
        }
    }

    private string PathOf(string key) => Path.Combine(_folder, key + Extension);

    private static bool Try(Action action, Action<Exception>? failed = null)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or System.Security.SecurityException or NotSupportedException)
        {
            failed?.Invoke(exception);
            return false;
        }
    }
}

/// <summary>The file operations of the kernel cache. Separate, so that tests can simulate a full, read-only or broken disk.</summary>
internal class CacheDisk
{
    /// <summary>A whole file, or null if there is none.</summary>
    public virtual byte[]? Read(string path) => File.Exists(path) ? File.ReadAllBytes(path) : null;

    /// <summary>Marks a file as used now.</summary>
    public virtual void Touch(string path) => File.SetLastWriteTimeUtc(path, DateTime.UtcNow);

    /// <summary>Creates a folder, if it does not exist.</summary>
    public virtual void MakeFolder(string path) => Directory.CreateDirectory(path);

    /// <summary>Writes a file.</summary>
    public virtual void Write(string path, byte[] content) => File.WriteAllBytes(path, content);

    /// <summary>Renames a file atomically, replacing an existing one.</summary>
    public virtual void Replace(string from, string to) => File.Move(from, to, overwrite: true);

    /// <summary>Deletes a file, if it exists.</summary>
    public virtual void Delete(string path) => File.Delete(path);

    /// <summary>The files of a folder, least recently used first.</summary>
    public virtual IReadOnlyList<FileInfo> List(string folder) => [.. new DirectoryInfo(folder).EnumerateFiles().OrderBy(file => file.LastWriteTimeUtc)];
}
