namespace NativeDiffusion.Imaging;

/// <summary>The five prediction filters of PNG rows.</summary>
internal static class PngFilters
{
    /// <summary>Filters a row with the filter of the smallest result (sum of absolute signed bytes, the specification's heuristic).</summary>
    /// <param name="row">The row's bytes.</param>
    /// <param name="before">The row above, zeros for the first.</param>
    /// <param name="pixel">Bytes a pixel.</param>
    /// <param name="result">One byte for the filter, then the filtered row.</param>
    public static void ApplyBest(ReadOnlySpan<byte> row, ReadOnlySpan<byte> before, int pixel, Span<byte> result)
    {
        Span<long> costs = stackalloc long[5];
        costs.Clear();
        for (int i = 0; i < row.Length; i++)
        {
            int left = i >= pixel ? row[i - pixel] : 0;
            int above = before[i];
            int corner = i >= pixel ? before[i - pixel] : 0;
            costs[0] += Cost(row[i]);
            costs[1] += Cost(row[i] - left);
            costs[2] += Cost(row[i] - above);
            costs[3] += Cost(row[i] - ((left + above) >> 1));
            costs[4] += Cost(row[i] - Paeth(left, above, corner));
        }

        int best = 0;
        for (int kind = 1; kind < 5; kind++)
        {
            if (costs[kind] < costs[best]) best = kind;
        }

        result[0] = (byte)best;
        for (int i = 0; i < row.Length; i++)
            result[i + 1] = (byte)(row[i] - Predict(best, i >= pixel ? row[i - pixel] : 0, before[i], i >= pixel ? before[i - pixel] : 0));
    }

    /// <summary>Undoes a filter in place.</summary>
    /// <param name="kind">The filter's number, 0 to 4.</param>
    /// <param name="row">The filtered row, becomes the row.</param>
    /// <param name="before">The row above, zeros for the first.</param>
    /// <param name="pixel">Bytes a pixel, at least 1.</param>
    public static void Undo(int kind, Span<byte> row, ReadOnlySpan<byte> before, int pixel)
    {
        if (kind == 0) return;
        for (int i = 0; i < row.Length; i++)
            row[i] += (byte)Predict(kind, i >= pixel ? row[i - pixel] : 0, before[i], i >= pixel ? before[i - pixel] : 0);
    }

    private static int Predict(int kind, int left, int above, int corner) => kind switch
    {
        1 => left,
        2 => above,
        3 => (left + above) >> 1,
        4 => Paeth(left, above, corner),
        _ => 0,
    };

    private static int Cost(int difference) => Math.Abs((int)(sbyte)difference);

    // Alan Paeth's predictor: the neighbour nearest to left + above - corner, in this order.
    private static int Paeth(int left, int above, int corner)
    {
        int toLeft = Math.Abs(above - corner);
        int toAbove = Math.Abs(left - corner);
        int toCorner = Math.Abs(left + above - 2 * corner);
        return toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner;
    }
}
