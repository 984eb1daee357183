using System.Runtime.InteropServices;

namespace NativeDiffusion.VirtualGpu.Memory;

/// <summary>
/// Which bytes of an allocation are initialised: a byte for a byte, so that blocks on several cores mark neighbours without
/// a lock, but only for pages that are neither empty nor full.
/// </summary>
internal sealed unsafe class InitializedMap
{
    private const int PageBits = 16;
    private const ulong PageBytes = 1UL << PageBits;
    private readonly byte*[] _pages;
    private readonly PageState[] _states;
    private readonly ulong _size;
    private readonly Lock _lock = new();
    private bool _isFull;
    private bool _isTouched;

    public InitializedMap(ulong size)
    {
        _size = size;
        int pages = checked((int)((size + PageBytes - 1) >> PageBits));
        _pages = new byte*[pages];
        _states = new PageState[pages];
    }

    private enum PageState : byte
    {
        Empty,
        Partial,
        Full,
    }

    /// <summary>True once everything is initialised.</summary>
    public bool IsFull => _isFull;

    /// <summary>Marks bytes as initialised.</summary>
    public void Mark(ulong offset, ulong bytes)
    {
        if (_isFull) return;
        while (bytes > 0)
        {
            int page = (int)(offset >> PageBits);
            ulong within = offset & (PageBytes - 1), length = Math.Min(bytes, PageBytes - within);
            if (_states[page] != PageState.Full)
            {
                if (within == 0 && length == Math.Min(PageBytes, _size - offset)) Fill(page);
                else
                {
                    new Span<byte>(Partial(page) + within, (int)length).Fill(1);
                    _isTouched = true;
                }
            }
            offset += length;
            bytes -= length;
        }
    }

    /// <summary>Offset of the first byte that is not initialised; -1 if all of them are.</summary>
    public long FirstMissing(ulong offset, ulong bytes)
    {
        if (_isFull) return -1;
        while (bytes > 0)
        {
            int page = (int)(offset >> PageBits);
            ulong within = offset & (PageBytes - 1), length = Math.Min(bytes, PageBytes - within);
            if (_states[page] == PageState.Empty) return (long)offset;
            if (_states[page] == PageState.Partial)
            {
                int missing = new ReadOnlySpan<byte>(Partial(page) + within, (int)length).IndexOf((byte)0);
                if (missing >= 0) return (long)offset + missing;
            }
            offset += length;
            bytes -= length;
        }
        return -1;
    }

    /// <summary>Copies the state of a range to another map, together with a copy of the bytes.</summary>
    public void CopyTo(ulong offset, InitializedMap other, ulong otherOffset, ulong bytes)
    {
        if (FirstMissing(offset, bytes) < 0)
        {
            other.Mark(otherOffset, bytes);
            return;
        }
        for (ulong i = 0; i < bytes; i++)
        {
            if (FirstMissing(offset + i, 1) < 0) other.Mark(otherOffset + i, 1);
            else other.Clear(otherOffset + i);
        }
    }

    /// <summary>As <see cref="Consolidate"/>, if anything was marked since.</summary>
    public void ConsolidateIfTouched()
    {
        if (_isTouched) Consolidate();
    }

    /// <summary>Finds pages that are completely initialised and drops their bytes. Not while kernels run.</summary>
    public void Consolidate()
    {
        if (_isFull) return;
        _isTouched = false;
        bool isFull = true;
        for (int page = 0; page < _pages.Length; page++)
        {
            if (_states[page] == PageState.Partial)
            {
                ulong length = Math.Min(PageBytes, _size - ((ulong)page << PageBits));
                if (new ReadOnlySpan<byte>(_pages[page], (int)length).IndexOf((byte)0) < 0) Fill(page);
            }
            isFull &= _states[page] == PageState.Full;
        }
        _isFull = isFull;
    }

    public void Release()
    {
        for (int page = 0; page < _pages.Length; page++)
        {
            NativeMemory.Free(_pages[page]);
            _pages[page] = null;
            _states[page] = PageState.Empty;
        }
    }

    private void Clear(ulong offset)
    {
        int page = (int)(offset >> PageBits);
        if (_states[page] == PageState.Empty) return;
        if (_states[page] == PageState.Full)
        {
            _pages[page] = (byte*)NativeMemory.Alloc((nuint)PageBytes);
            new Span<byte>(_pages[page], (int)PageBytes).Fill(1);
            _states[page] = PageState.Partial;
            _isFull = false;
        }
        _pages[page][offset & (PageBytes - 1)] = 0;
    }

    private void Fill(int page)
    {
        lock (_lock) _states[page] = PageState.Full;
    }

    private byte* Partial(int page)
    {
        byte* map = _pages[page];
        if (map is not null) return map;
        lock (_lock)
        {
            if (_pages[page] is null)
            {
                _pages[page] = (byte*)NativeMemory.AllocZeroed((nuint)PageBytes);
                if (_states[page] == PageState.Empty) _states[page] = PageState.Partial;
            }
            return _pages[page];
        }
    }
}
