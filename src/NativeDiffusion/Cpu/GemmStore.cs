using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

using NativeDiffusion.Tensors;

namespace NativeDiffusion.Cpu;

/// <summary>Applies the epilogue to a complete tile and writes it to the output.</summary>
internal static unsafe class GemmStore
{
    private const int Lanes = 16;

    /// <summary>
    /// Prefetches the lines that Write will touch. Called before the tile is computed: stores that miss the cache would otherwise
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
    public static void Write(
        float* tile, in GemmRows rows, int row, int count, int panel, in GemmEpilogue epilogue, float* y, int yStride, int outputs)
    {
        if (epilogue.Activation == Activation.GeGlu)
            WriteGated(tile, rows, row, count, panel * Lanes, epilogue, y, yStride, outputs / 2);
        else
            WritePlain(tile, rows, row, count, panel * PackedMatrix.PanelWidth, epilogue, y, yStride, outputs);
    }

    // Everything that the loop needs is in locals: the compiler cannot prove that the stores do not alias the epilogue.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WritePlain(
        float* tile, in GemmRows rows, int row, int count, int column, in GemmEpilogue epilogue, float* y, int yStride, int outputs)
    {
        // The last vectors of the outputs may be partial or missing: their loads and stores are limited to existing elements.
        int lanes0 = outputs - column, lanes1 = lanes0 - Lanes;
        Vector512<float> bias0 = default, bias1 = default;
        if (epilogue.Bias != null)
        {
            bias0 = Load(epilogue.Bias + column, lanes0);
            bias1 = Load(epilogue.Bias + column + Lanes, lanes1);
        }

        int* pixels = rows.Pixel + row, images = rows.Image + row;
        float* imageFactor = epilogue.ImageFactor, imageBias = epilogue.ImageBias, residual = epilogue.Residual;
        long factorStride = epilogue.ImageFactorStride, imageStride = epilogue.ImageBiasStride, residualStride = epilogue.ResidualStride;
        Activation activation = epilogue.Activation;
        for (int i = 0; i < count; i++, tile += PackedMatrix.PanelWidth)
        {
            long pixel = pixels[i];
            if (pixel < 0)
                continue;
            Vector512<float> x0 = Vector512.Load(tile), x1 = Vector512.Load(tile + Lanes);
            if (imageFactor != null)
            {
                float* line = imageFactor + (images[i] * factorStride) + column;
                x0 *= Load(line, lanes0);
                x1 *= Load(line + Lanes, lanes1);
            }

            x0 += bias0;
            x1 += bias1;
            if (imageBias != null)
            {
                float* line = imageBias + (images[i] * imageStride) + column;
                x0 += Load(line, lanes0);
                x1 += Load(line + Lanes, lanes1);
            }

            if (activation != Activation.None)
            {
                x0 = Activate(x0, activation);
                x1 = Activate(x1, activation);
            }

            if (residual != null)
            {
                float* line = residual + (pixel * residualStride) + column;
                x0 += Load(line, lanes0);
                x1 += Load(line + Lanes, lanes1);
            }

            float* to = y + (pixel * yStride) + column;
            Store(x0, to, lanes0);
            Store(x1, to + Lanes, lanes1);
        }
    }

    // A panel holds 16 values and their 16 gates.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WriteGated(
        float* tile, in GemmRows rows, int row, int count, int column, in GemmEpilogue epilogue, float* y, int yStride, int inner)
    {
        int lanes = inner - column;
        Vector512<float> valueBias = default, gateBias = default;
        if (epilogue.Bias != null)
        {
            valueBias = Load(epilogue.Bias + column, lanes);
            gateBias = Load(epilogue.Bias + inner + column, lanes);
        }

        int* pixels = rows.Pixel + row;
        float* residual = epilogue.Residual;
        long residualStride = epilogue.ResidualStride;
        for (int i = 0; i < count; i++, tile += PackedMatrix.PanelWidth)
        {
            long pixel = pixels[i];
            Vector512<float> value = Vector512.Load(tile) + valueBias, gate = Vector512.Load(tile + Lanes) + gateBias;
            Vector512<float> x = value * VectorMath.Gelu(gate);
            if (residual != null)
                x += Load(residual + (pixel * residualStride) + column, lanes);
            Store(x, y + (pixel * yStride) + column, lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Load(float* source, int count) =>
        count >= Lanes ? Vector512.Load(source) : count > 0 ? VectorMath.LoadPartial(source, count) : default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<float> x, float* destination, int count)
    {
        if (count >= Lanes)
            x.Store(destination);
        else if (count > 0)
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
