namespace NativeDiffusion.VirtualGpu.Driver;

/// <summary>A matrix in memory: columns of so many bytes, so many bytes apart; what lies between them is none of its business.</summary>
internal readonly record struct ColumnLayout(int Columns, long ColumnBytes, long Pitch)
{
    /// <summary>Bytes from the first to behind the last element.</summary>
    public long Extent => Columns == 0 ? 0 : ((Columns - 1) * Pitch) + ColumnBytes;

    /// <summary>Stretches without gaps: offset and bytes.</summary>
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
