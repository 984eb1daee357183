using System.IO.MemoryMappedFiles;

namespace NativeDiffusion.Weights;

/// <summary>A mapped piece of a file.</summary>
internal sealed unsafe class MappedView : IDisposable
{
    private readonly MemoryMappedViewAccessor? _accessor;
    private readonly byte* _pointer;
    private readonly int _length;
    private bool _disposed;

    /// <summary>Takes ownership of a view.</summary>
    /// <param name="accessor">The view, or null for an empty one.</param>
    /// <param name="length">Its length in bytes.</param>
    public MappedView(MemoryMappedViewAccessor? accessor, int length)
    {
        _accessor = accessor;
        _length = length;
        if (accessor is null) return;
        byte* pointer = null;
        accessor.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        _pointer = pointer + accessor.PointerOffset;
    }

    /// <summary>The bytes, valid until disposal.</summary>
    public ReadOnlySpan<byte> Span => new(_pointer, _length);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        if (_accessor is null) return;
        _accessor.SafeMemoryMappedViewHandle.ReleasePointer();
        _accessor.Dispose();
    }
}
