using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Kernels;
using NativeDiffusion.Testing;

namespace NativeDiffusion.Cuda.Tests.Compilation;

/// <summary>Compiled kernels on disk.</summary>
public sealed class KernelCacheTests
{
    private static readonly KernelImage s_image = new("sm_80", new byte[] { 1, 2, 3 }, "ptx text"u8.ToArray());

    [Fact]
    public void Read_AfterWrite_IsTheSame()
    {
        using var folder = new TemporaryFolder();
        var cache = new KernelCache(folder.File("deeper/still"));

        cache.Write("key", s_image);
        KernelImage? read = cache.Read("key", "sm_80");

        Assert.NotNull(read);
        Assert.Equal(s_image.Cubin.ToArray(), read.Cubin.ToArray());
        Assert.Equal(s_image.Ptx.ToArray(), read.Ptx.ToArray());
        Assert.Null(cache.Read("another", "sm_80"));
    }

    /// <summary>Every bit of an entry is covered by the checksum, and every truncated entry is rejected.</summary>
    [Fact]
    public void Read_DamagedEntry_IsNoEntryAndGone()
    {
        using var folder = new TemporaryFolder();
        var cache = new KernelCache(folder.Path);
        cache.Write("key", s_image);
        string path = Directory.GetFiles(folder.Path).Single();
        byte[] whole = File.ReadAllBytes(path);

        for (int i = 0; i < whole.Length; i++)
        {
            byte[] damaged = [.. whole];
            damaged[i] ^= 0x40;
            File.WriteAllBytes(path, damaged);
            Assert.Null(cache.Read("key", "sm_80"));
            Assert.False(File.Exists(path));
            File.WriteAllBytes(path, whole.AsSpan(..i));
            Assert.Null(cache.Read("key", "sm_80"));
        }
    }

    [Fact]
    public void Write_BeyondTheLimit_DropsWhatWasUsedLongestAgo()
    {
        using var folder = new TemporaryFolder();
        var cache = new KernelCache(folder.Path, limit: 300);
        var large = new KernelImage("sm_80", new byte[60], default);
        // Other files are neither counted nor deleted; temporary files of a crashed process are both.
        File.SetLastWriteTimeUtc(folder.Write("notes.txt", new byte[1000]), DateTime.UtcNow.AddDays(-2));
        File.SetLastWriteTimeUtc(folder.Write("key.1.tmp", new byte[1000]), DateTime.UtcNow.AddDays(-1));
        for (int i = 0; i < 3; i++)
        {
            cache.Write($"key{i}", large);
            File.SetLastWriteTimeUtc(folder.File($"key{i}.kernel"), DateTime.UtcNow.AddMinutes(i - 10));
        }

        // Three entries of 104 bytes exceed the limit: the oldest was evicted. Reading the next marks it as recently used.
        Assert.Equal(
            ["key1.kernel", "key2.kernel", "notes.txt"], Directory.GetFiles(folder.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        Assert.NotNull(cache.Read("key1", "sm_80"));
        cache.Write("key3", large);

        Assert.NotNull(cache.Read("key1", "sm_80"));
        Assert.Null(cache.Read("key2", "sm_80"));
        Assert.NotNull(cache.Read("key3", "sm_80"));
    }

    [Fact]
    public void Cache_WhereNothingCanBeWritten_IsSilent()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("occupied", "a file"u8);
        var cache = new KernelCache(Path.Combine(file, "kernels"));

        Assert.NotNull(cache.Write("key", s_image));

        Assert.Null(cache.Read("key", "sm_80"));
    }

    [Fact]
    public async Task Cache_ManyWritersAndReaders_NeverShowAPart()
    {
        using var folder = new TemporaryFolder();
        byte[] pattern = new byte[50_000];
        Task[] writers = [.. Enumerable.Range(0, 4).Select(n => Task.Run(() =>
        {
            // A cache of its own, as another process would have.
            var cache = new KernelCache(folder.Path);
            for (int i = 0; i < 50; i++)
            {
                cache.Write("key", new KernelImage("sm_80", pattern, pattern));
                if (cache.Read("key", "sm_80") is KernelImage image)
                    Assert.Equal(pattern.Length, image.Cubin.Length);
            }
        }))];

        await Task.WhenAll(writers);

        Assert.NotNull(new KernelCache(folder.Path).Read("key", "sm_80"));
        Assert.DoesNotContain(Directory.GetFiles(folder.Path), path => path.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public void Key_DependsOnEverythingThatMakesTheCode()
    {
        KernelVariant[] tiles = [.. GemmVariant.All.Select(variant => variant.Compilation)];
        string[] keys =
        [
            Key(tiles[0], "sm_80", "12.1"), Key(tiles[1], "sm_80", "12.1"), Key(tiles[0], "sm_90", "12.1"), Key(tiles[0], "sm_80", "13.5"),
            Key(SoftmaxKernel.Variant, "sm_80", "12.1"),
        ];

        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.Equal(keys[0], Key(GemmVariant.All[0].Compilation, "sm_80", "12.1"));
    }

    private static string Key(KernelVariant variant, string architecture, string compiler) =>
        KernelCache.Key(KernelList.Sources, variant, architecture, compiler);
}
