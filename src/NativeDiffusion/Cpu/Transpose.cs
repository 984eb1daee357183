namespace NativeDiffusion.Cpu;

/// <summary>Transposes [N, C, S] to [N, S, C] and back, S = pixels of a picture, float32.</summary>
internal static unsafe class Transpose
{
    // A tile of 16 by 16 floats: a cache line on either side.
    private const int Tile = 16;

    /// <summary>x: [batch, channels, spatial]; y: [batch, spatial, channels].</summary>
    public static void ToChannelsLast(CpuWorkers workers, float* x, float* y, int batch, int channels, int spatial) =>
        Forward(workers, x, y, batch, channels, spatial);

    /// <summary>x: [batch, spatial, channels]; y: [batch, channels, spatial].</summary>
    public static void ToChannelsFirst(CpuWorkers workers, float* x, float* y, int batch, int channels, int spatial) =>
        Forward(workers, x, y, batch, spatial, channels);

    // y[n, j, i] = x[n, i, j] for i < rows, j < columns.
    private static void Forward(CpuWorkers workers, float* x, float* y, int batch, int rows, int columns)
    {
        int blocks = (columns + Tile - 1) / Tile;
        long size = (long)rows * columns;
        RowBlocks.Run(workers, batch * blocks, rows * Tile, item =>
        {
            float* from = x + (item / blocks * size);
            float* to = y + (item / blocks * size);
            int first = item % blocks * Tile;
            int end = Math.Min(columns, first + Tile);
            for (int row = 0; row < rows; row += Tile)
            {
                int rowEnd = Math.Min(rows, row + Tile);
                for (int j = first; j < end; j++)
                {
                    for (int i = row; i < rowEnd; i++)
                        to[((long)j * rows) + i] = from[((long)i * columns) + j];
                }
            }
        });
    }
}
