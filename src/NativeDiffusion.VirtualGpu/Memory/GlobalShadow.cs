using System.Runtime.InteropServices;

namespace NativeDiffusion.VirtualGpu.Memory;

/// <summary>
/// The last write and the reads of each grain of an allocation during one launch. A write is the block's number plus one in the upper half, in the
/// lower half its clock, its warp and whether the access was strong; a read is the block's number plus one, or all ones for several blocks, and
/// two flags: whether any was weak, whether any was non-coherent.
/// A grain is as wide as the kernel's narrowest access to global memory, so nothing is lost.
/// </summary>
internal sealed unsafe class GlobalShadow : IDisposable
{
    public const int PageGrains = 4096;
    public const uint NonCoherent = 1u << 31;
    public const uint Weak = 1u << 30;
    public const uint BlockMask = Weak - 1;
    public const uint Several = BlockMask;
    private readonly Page[] _pages;
    private readonly Lock _lock = new();

    public GlobalShadow(ulong size, int grain)
    {
        Grain = grain;
        _pages = new Page[checked((int)((size / (ulong)grain / PageGrains) + 1))];
    }

    public int Grain { get; }

    /// <summary>The launch that last wrote here; the present launch compares it with its own number.</summary>
    public uint WrittenBy { get; set; }

    /// <summary>The writes of a page in the launch, followed by the reads; a page of an earlier launch is reset.</summary>
    public ulong* Get(int page, uint launch)
    {
        ref Page found = ref _pages[page];
        return Volatile.Read(ref found.Launch) == launch ? found.Writes : Begin(ref found, launch);
    }

    /// <summary>The reads after a page's writes.</summary>
    public static uint* ReadsOf(ulong* writes) => (uint*)(writes + PageGrains);

    /// <summary>A page as some launch left it; null if that launch did not access it.</summary>
    public ulong* Peek(int page, uint launch) => page < _pages.Length && _pages[page].Launch == launch ? _pages[page].Writes : null;

    public int Pages => _pages.Length;

    public void Dispose()
    {
        for (int i = 0; i < _pages.Length; i++)
        {
            NativeMemory.AlignedFree(_pages[i].Writes);
            _pages[i] = default;
        }
    }

    private ulong* Begin(ref Page page, uint launch)
    {
        lock (_lock)
        {
            if (page.Launch != launch)
            {
                if (page.Writes is null) page.Writes = (ulong*)NativeMemory.AlignedAlloc(PageGrains * 12, 64);
                NativeMemory.Clear(page.Writes, PageGrains * 12);
                Volatile.Write(ref page.Launch, launch);
            }
            return page.Writes;
        }
    }

    private struct Page
    {
        public ulong* Writes;
        public uint Launch;
    }
}
