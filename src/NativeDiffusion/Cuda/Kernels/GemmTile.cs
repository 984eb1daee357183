namespace NativeDiffusion.Cuda.Kernels;

/// <summary>The part of a matrix product that a block makes, and how it is shared among warps.</summary>
/// <param name="M">Rows of the result.</param>
/// <param name="N">Columns of the result.</param>
/// <param name="K">Depth of a slice.</param>
/// <param name="WarpsM">Warps over the rows.</param>
/// <param name="WarpsN">Warps over the columns.</param>
/// <param name="Stages">Slices in shared memory.</param>
internal sealed record GemmTile(int M, int N, int K, int WarpsM, int WarpsN, int Stages)
{
    private const int WarpThreads = 32;
    private const int HalfBytes = 2;

    // What a slice costs beside its products: about as much for each row and column that is brought as for 32 columns of products.
    private const double OperandCost = 32;

    public int Threads => WarpThreads * WarpsM * WarpsN;

    /// <summary>Dynamic shared memory of a block.</summary>
    public int SharedBytes => Stages * (M + N) * K * HalfBytes;

    /// <summary>Blocks of a product.</summary>
    public (int Rows, int Columns) Blocks(int rows, int outputs) => (((rows - 1) / M) + 1, ((outputs - 1) / N) + 1);

    /// <summary>
    /// An estimate, to choose by: the time of as many waves as the blocks need, a block's time being that of its products and of bringing
    /// its operands. Small tiles bring each operand more often; large ones leave multiprocessors idle.
    /// </summary>
    public double Cost(int rows, int outputs, int multiprocessors)
    {
        (int blockRows, int blockColumns) = Blocks(rows, outputs);
        long waves = ((((long)blockRows * blockColumns) - 1) / multiprocessors) + 1;
        return waves * (((double)M * N) + (OperandCost * (M + N)));
    }
}
