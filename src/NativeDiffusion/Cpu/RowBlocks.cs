namespace NativeDiffusion.Cpu;

/// <summary>Distributes rows, or ranges of a flat array, to the workers in blocks large enough for a thread.</summary>
internal static class RowBlocks
{
    // 16 Ki floats take some microseconds: less does not justify waking a thread.
    private const int FloatsPerItem = 16 * 1024;

    /// <summary>Runs <paramref name="row"/> for each row.</summary>
    public static void Run(CpuWorkers workers, int rows, int rowLength, Action<int> row)
    {
        int rowsPerItem = Math.Max(1, FloatsPerItem / Math.Max(1, rowLength));
        workers.Run((rows + rowsPerItem - 1) / rowsPerItem, item =>
        {
            int end = Math.Min(rows, (item + 1) * rowsPerItem);
            for (int i = item * rowsPerItem; i < end; i++)
                row(i);
        });
    }

    /// <summary>Runs <paramref name="stretch"/> (start, count) over 0 … <paramref name="count"/> - 1; all starts are multiples of 16.</summary>
    public static void RunFlat(CpuWorkers workers, long count, Action<long, int> stretch)
    {
        int items = checked((int)((count + FloatsPerItem - 1) / FloatsPerItem));
        workers.Run(items, item =>
        {
            long start = (long)item * FloatsPerItem;
            stretch(start, (int)Math.Min(FloatsPerItem, count - start));
        });
    }
}
