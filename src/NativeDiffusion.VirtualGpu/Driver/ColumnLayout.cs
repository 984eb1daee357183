namespace NativeDiffusion.VirtualGpu.Driver;

/// <summary>A matrix in memory: columns of a number of bytes at a stride; the bytes between them are not accessed.</summary>
internal readonly record struct ColumnLayout(int Columns, long ColumnBytes, long Pitch)
{
    /// <summary>Bytes from the first to past the last element.</summary>
    public long Extent => Columns == 0 ? 0 : ((Columns - 1) * Pitch) + ColumnBytes;

    /// <summary>Contiguous ranges: offset and bytes.</summary>
    public IEnumerable<(long Offset, long Bytes)> Stretches()
    {
        if (ColumnBytes == Pitch)
        {
            yield return (0, Extent);
            yield break;
        }
        for (int column = 0; column < Columns; column++) yield return (column * Pitch, ColumnBytes);
    }
}
