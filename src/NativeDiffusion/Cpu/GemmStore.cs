using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NativeDiffusion.Cpu;

/// <summary>Applies the epilogue to a finished tile and writes it to the output.</summary>
internal static unsafe class GemmStore
{
    private const int Lanes = 16;

    /// <summary>
    /// Asks for the lines that Write will touch. Called before the tile is computed: stores that miss the cache would otherwise
    /// stall for a quarter of a shallow product's time.
    /// </summary>
    public static void Prefetch(int rows, int firstRow, int panel, in GemmEpilogue epilogue, float* y, int yStride)
    {
        int column = panel * (epilogue.Activation == Activation.GeGlu ? Lanes : PackedMatrix.PanelWidth);
        for (int row = firstRow; row < firstRow + rows; row++)
        {
            float* to = y + ((long)row * yStride) + column;
            GemmKernel.Prefetch(to);
            GemmKernel.Prefetch(to + Lanes);
            if (epilogue.Residual != null)
            {
                float* residual = epilogue.Residual + ((long)row * epilogue.ResidualStride) + column;
                GemmKernel.Prefetch(residual);
                GemmKernel.Prefetch(residual + Lanes);
            }
        }
    }

    /// <summary>Writes tile [rows, PanelWidth], whose first row is <paramref name="firstRow"/> of the output.</summary>
    public static void Write(
        float* tile, int rows, int firstRow, int panel, in GemmEpilogue epilogue, float* y, int yStride, int rowsPerImage, int outputs)
    {
        if (epilogue.Activation == Activation.GeGlu)
        {
            WriteGeGlu(tile, rows, firstRow, panel, epilogue, y, yStride, outputs / 2);
            return;
        }

        int column = panel * PackedMatrix.PanelWidth;
        for (int row = 0; row < rows; row++)
        {
            long index = firstRow + row;
            float* sums = tile + (row * PackedMatrix.PanelWidth);
            float* imageBias = epilogue.ImageBias == null ? null : epilogue.ImageBias + ((long)((firstRow + row) / rowsPerImage) * epilogue.ImageBiasStride) + column;
            float* residual = epilogue.Residual == null ? null : epilogue.Residual + (index * epilogue.ResidualStride) + column;
            for (int lane = 0; lane < PackedMatrix.PanelWidth && column + lane < outputs; lane += Lanes)
            {
                // The last vector of the outputs may be partial: its loads and stores touch only what exists.
                int count = outputs - column - lane;
                Vector512<float> x = Vector512.Load(sums + lane);
                if (epilogue.Bias != null)
                    x += Load(epilogue.Bias + column + lane, count);
                if (imageBias != null)
                    x += Load(imageBias + lane, count);
                x = Activate(x, epilogue.Activation);
                if (residual != null)
                    x += Load(residual + lane, count);
                Store(x, y + (index * yStride) + column + lane, count);
            }
        }
    }

    // A panel holds 16 values and their 16 gates.
    private static void WriteGeGlu(float* tile, int rows, int firstRow, int panel, in GemmEpilogue epilogue, float* y, int yStride, int inner)
    {
        int column = panel * Lanes;
        int count = Math.Min(Lanes, inner - column);
        if (count <= 0)
            return;
        Vector512<float> valueBias = epilogue.Bias == null ? Vector512<float>.Zero : Load(epilogue.Bias + column, count);
        Vector512<float> gateBias = epilogue.Bias == null ? Vector512<float>.Zero : Load(epilogue.Bias + inner + column, count);
        for (int row = 0; row < rows; row++)
        {
            long index = firstRow + row;
            Vector512<float> value = Vector512.Load(tile + (row * PackedMatrix.PanelWidth)) + valueBias;
            Vector512<float> gate = Vector512.Load(tile + (row * PackedMatrix.PanelWidth) + Lanes) + gateBias;
            Vector512<float> x = value * VectorMath.Gelu(gate);
            if (epilogue.Residual != null)
                x += Load(epilogue.Residual + (index * epilogue.ResidualStride) + column, count);
            Store(x, y + (index * yStride) + column, count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Load(float* source, int count) => count >= Lanes ? Vector512.Load(source) : VectorMath.LoadPartial(source, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<float> x, float* destination, int count)
    {
        if (count >= Lanes)
            x.Store(destination);
        else
            VectorMath.StorePartial(x, destination, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Activate(Vector512<float> x, Activation activation) => activation switch
    {
        Activation.Silu => VectorMath.Silu(x),
        Activation.QuickGelu => VectorMath.QuickGelu(x),
        Activation.Gelu => VectorMath.Gelu(x),
        _ => x,
    };
}
