using System.Buffers.Binary;
using System.Security.Cryptography;

namespace NativeDiffusion.Cuda.Compilation;

/// <summary>
/// Compiled kernels on disk, an entry a file: code and PTX of one compilation, under the hash of everything that went into it.
/// Entries appear whole (written aside, then renamed), so that several processes may use the folder; one that does not fit its own
/// checksum is compiled anew. A cache that cannot be read or written is no error: compiling takes its place.
/// </summary>
public sealed class KernelCache
{
    /// <summary>Bytes that the folder may hold unless told otherwise: several times what all kernels for one card take.</summary>
    public const long DefaultLimit = 256L << 20;

    private const string Extension = ".kernel";
    private const string Unfinished = ".tmp";
    private const uint Magic = 0x314B444E; // "NDK1"
    private const int HeaderBytes = 12;

    private readonly string _folder;
    private readonly long _limit;
    private readonly CacheDisk _disk;

    /// <param name="folder">The folder, made when needed.</param>
    /// <param name="limit">Bytes that it may hold; the entries used longest ago go first.</param>
    public KernelCache(string folder, long limit = DefaultLimit)
        : this(folder, limit, new CacheDisk())
    {
    }

    /// <summary>As the public constructor, on another disk than the machine's.</summary>
    internal KernelCache(string folder, long limit, CacheDisk disk)
    {
        _folder = folder;
        _limit = limit;
        _disk = disk;
    }

    /// <summary>The user's own: NDIFF_CACHE, or the platform's folder for such data.</summary>
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

    /// <summary>The name of a compilation: a hash of its sources, all options, the compiler and the architecture.</summary>
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
        // An entry that is somebody else's can be used, if not marked as used.
        Try(() =>
        {
            if (image is not null)
                _disk.Touch(path);
            else
                _disk.Delete(path);
        });
        return image;
    }

    /// <summary>Keeps an entry, if the disk lets us.</summary>
    /// <returns>Why it is not kept; null where it is.</returns>
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
        // A full disk must not be filled further by what did not fit.
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

    // Oldest first, never the one just written. Leftovers of processes that died count, and go, as entries do; other files are not ours.
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

/// <summary>What the cache of kernels does to a disk. Apart, so that a disk can be played that is full, read-only or broken.</summary>
internal class CacheDisk
{
    /// <summary>A whole file, or null if there is none.</summary>
    public virtual byte[]? Read(string path) => File.Exists(path) ? File.ReadAllBytes(path) : null;

    /// <summary>Marks a file as used now.</summary>
    public virtual void Touch(string path) => File.SetLastWriteTimeUtc(path, DateTime.UtcNow);

    /// <summary>Makes a folder, if it is not there.</summary>
    public virtual void MakeFolder(string path) => Directory.CreateDirectory(path);

    /// <summary>Writes a file.</summary>
    public virtual void Write(string path, byte[] content) => File.WriteAllBytes(path, content);

    /// <summary>Renames a file, in another's place if need be; nobody ever sees a part of it.</summary>
    public virtual void Replace(string from, string to) => File.Move(from, to, overwrite: true);

    /// <summary>Deletes a file, if it is there.</summary>
    public virtual void Delete(string path) => File.Delete(path);

    /// <summary>The files of a folder, those used longest ago first.</summary>
    public virtual IReadOnlyList<FileInfo> List(string folder) => [.. new DirectoryInfo(folder).EnumerateFiles().OrderBy(file => file.LastWriteTimeUtc)];
}
