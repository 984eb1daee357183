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
    public static void Prefetch(in GemmRows rows, int row, int count, int panel, in GemmEpilogue epilogue, float* y, int yStride)
    {
        int column = panel * (epilogue.Activation == Activation.GeGlu ? Lanes : PackedMatrix.PanelWidth);
        for (int i = row; i < row + count; i++)
        {
            float* to = y + ((long)rows.Pixel[i] * yStride) + column;
            GemmKernel.Prefetch(to);
            GemmKernel.Prefetch(to + Lanes);
            if (epilogue.Residual != null)
            {
                float* residual = epilogue.Residual + ((long)rows.Pixel[i] * epilogue.ResidualStride) + column;
                GemmKernel.Prefetch(residual);
                GemmKernel.Prefetch(residual + Lanes);
            }
        }
    }

    /// <summary>Writes tile [count, PanelWidth], whose first line is row <paramref name="row"/> of the block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Write(
        float* tile, in GemmRows rows, int row, int count, int panel, in GemmEpilogue epilogue, float* y, int yStride, int outputs)
    {
        bool gated = epilogue.Activation == Activation.GeGlu;
        for (int i = 0; i < count; i++)
        {
            long pixel = rows.Pixel[row + i];
            if (pixel < 0)
                continue;
            float* sums = tile + (i * PackedMatrix.PanelWidth);
            if (gated)
                WriteGated(sums, panel * Lanes, pixel, epilogue, y + (pixel * yStride), outputs / 2);
            else
                WriteLine(sums, panel * PackedMatrix.PanelWidth, pixel, rows.Image[row + i], epilogue, y + (pixel * yStride), outputs);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteLine(float* sums, int column, long pixel, int image, in GemmEpilogue epilogue, float* y, int outputs)
    {
        float* imageBias = epilogue.ImageBias == null ? null : epilogue.ImageBias + ((long)image * epilogue.ImageBiasStride);
        float* residual = epilogue.Residual == null ? null : epilogue.Residual + (pixel * epilogue.ResidualStride);
        int end = Math.Min(outputs, column + PackedMatrix.PanelWidth);
        for (; column < end; column += Lanes, sums += Lanes)
        {
            // The last vector of the outputs may be partial: its loads and stores touch only what exists.
            int lanes = outputs - column;
            Vector512<float> x = Vector512.Load(sums);
            if (epilogue.Bias != null)
                x += Load(epilogue.Bias + column, lanes);
            if (imageBias != null)
                x += Load(imageBias + column, lanes);
            x = Activate(x, epilogue.Activation);
            if (residual != null)
                x += Load(residual + column, lanes);
            Store(x, y + column, lanes);
        }
    }

    // A panel holds 16 values and their 16 gates.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteGated(float* sums, int column, long pixel, in GemmEpilogue epilogue, float* y, int inner)
    {
        int lanes = inner - column;
        Vector512<float> value = Vector512.Load(sums);
        Vector512<float> gate = Vector512.Load(sums + Lanes);
        if (epilogue.Bias != null)
        {
            value += Load(epilogue.Bias + column, lanes);
            gate += Load(epilogue.Bias + inner + column, lanes);
        }

        Vector512<float> x = value * VectorMath.Gelu(gate);
        if (epilogue.Residual != null)
            x += Load(epilogue.Residual + (pixel * epilogue.ResidualStride) + column, lanes);
        Store(x, y + column, lanes);
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
