namespace NativeDiffusion.Cpu;

/// <summary>y[n, s, c] = tokenTable[ids[n, s], c] + positionTable[s, c], float32.</summary>
internal static unsafe class TokenEmbedding
{
    /// <summary>ids: [batch, tokens]; tokenTable: [vocabulary, channels]; positionTable: [≥ tokens, channels]; y: [batch, tokens, channels].</summary>
    public static void Forward(CpuWorkers workers, int* ids, float* tokenTable, float* positionTable, float* y, int batch, int tokens, int channels)
    {
        RowBlocks.Run(workers, batch * tokens, channels, row =>
        {
            float* token = tokenTable + ((long)ids[row] * channels);
            float* position = positionTable + ((long)(row % tokens) * channels);
            float* to = y + ((long)row * channels);
            for (int c = 0; c < channels; c++)
                to[c] = token[c] + position[c];
        });
    }
}
