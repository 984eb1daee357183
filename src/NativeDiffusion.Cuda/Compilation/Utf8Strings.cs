using System.Runtime.InteropServices;
using System.Text;

namespace NativeDiffusion.Cuda.Compilation;

/// <summary>C strings, and the array of pointers to them, for as long as a native call needs them.</summary>
internal sealed unsafe class Utf8Strings : IDisposable
{
    private byte** _pointers;
    private readonly int _count;

    public Utf8Strings(IReadOnlyList<string> texts)
    {
        _count = texts.Count;
        _pointers = (byte**)NativeMemory.AllocZeroed((nuint)Math.Max(1, _count), (nuint)sizeof(byte*));
        for (int i = 0; i < _count; i++)
        {
            int size = Encoding.UTF8.GetByteCount(texts[i]);
            _pointers[i] = (byte*)NativeMemory.Alloc((nuint)size + 1);
            Encoding.UTF8.GetBytes(texts[i], new Span<byte>(_pointers[i], size));
            _pointers[i][size] = 0;
        }
    }

    /// <summary>A string.</summary>
    public byte* this[int index] => _pointers[index];

    /// <summary>The array, from a string on.</summary>
    public byte** From(int index) => _pointers + index;

    public void Dispose()
    {
        if (_pointers == null)
            return;
        for (int i = 0; i < _count; i++)
            NativeMemory.Free(_pointers[i]);
        NativeMemory.Free(_pointers);
        _pointers = null;
    }
}
