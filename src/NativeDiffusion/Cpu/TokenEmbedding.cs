namespace NativeDiffusion.Cpu;

/// <summary>y[n, s, c] = tokenTable[ids[n, s], c] + positionTable[s, c], float32; ids beyond the vocabulary select rows of the extra table.</summary>
internal static unsafe class TokenEmbedding
{
    /// <summary>
    /// ids: [batch, tokens]; tokenTable: [vocabulary, channels]; extraTable: [any, channels] or null; positionTable: [≥ tokens, channels]; y: [batch,
    /// tokens, channels].
    /// </summary>
    public static void Forward(
        CpuWorkers workers, int* ids, float* tokenTable, float* extraTable, float* positionTable, float* y, int batch, int tokens, int channels, int vocabulary)
    {
        RowBlocks.Run(workers, batch * tokens, channels, row =>
        {
            int id = ids[row];
            float* token = id < vocabulary ? tokenTable + ((long)id * channels) : extraTable + ((long)(id - vocabulary) * channels);
            float* position = positionTable + ((long)(row % tokens) * channels);
            float* to = y + ((long)row * channels);
            for (int c = 0; c < channels; c++)
                to[c] = token[c] + position[c];
        });
    }
}
