using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace NativeDiffusion.Cpu;

/// <summary>Float32 memory outside the managed heap, aligned to a cache line, released by Dispose.</summary>
internal sealed unsafe class NativeBuffer : SafeHandleZeroOrMinusOneIsInvalid
{
    /// <summary>A cache line, and the width of the widest vector: no aligned load crosses a line.</summary>
    public const int Alignment = 64;

    /// <summary>Allocates <paramref name="count"/> floats; their content is undefined.</summary>
    public NativeBuffer(long count)
        : base(ownsHandle: true)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Count = count;
        nuint bytes = checked((nuint)Math.Max(count, 1) * sizeof(float));
        // Whole lines, so that a vector load at the last float stays inside the block.
        bytes = (bytes + (Alignment - 1)) & ~(nuint)(Alignment - 1);
        SetHandle((nint)NativeMemory.AlignedAlloc(bytes, Alignment));
    }

    /// <summary>Number of floats requested.</summary>
    public long Count { get; }

    /// <summary>First float; aligned to <see cref="Alignment"/> bytes.</summary>
    public float* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            return (float*)handle;
        }
    }

    /// <summary>The floats from <paramref name="start"/> on, as a span.</summary>
    public Span<float> Span(long start, int count)
    {
        Debug.Assert(start >= 0 && start + count <= Count, "The span lies inside the buffer.");
        return new Span<float>(Pointer + start, count);
    }

    /// <summary>Sets every float to zero.</summary>
    public void Clear() => NativeMemory.Clear(Pointer, (nuint)Count * sizeof(float));

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree((void*)handle);
        return true;
    }
}
