using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NativeDiffusion.Cpu;

/// <summary>Applies the epilogue to a finished tile and writes it to the output.</summary>
internal static unsafe class GemmStore
{
    private const int Lanes = 16;

    /// <summary>Writes tile [rows, PanelWidth], whose first row is <paramref name="firstRow"/> of the output.</summary>
    public static void Write(
        float* tile, int rows, int firstRow, int panel, in GemmEpilogue epilogue, float* y, int yStride, int rowsPerImage, int outputs)
    {
        if (epilogue.Activation == Activation.GeGlu)
        {
            WriteGeGlu(tile, rows, firstRow, panel, epilogue, y, yStride, outputs / 2);
            return;
        }

        for (int vector = 0; vector < PackedMatrix.PanelWidth; vector += Lanes)
        {
            int column = (panel * PackedMatrix.PanelWidth) + vector;
            // The last vector of the outputs may be partial: its loads and stores touch only what exists.
            int count = Math.Min(Lanes, outputs - column);
            if (count <= 0)
                return;
            Vector512<float> bias = Load(epilogue.Bias, column, count);
            for (int row = 0; row < rows; row++)
            {
                long index = firstRow + row;
                Vector512<float> x = Vector512.Load(tile + (row * PackedMatrix.PanelWidth) + vector) + bias;
                if (epilogue.ImageBias != null)
                    x += Load(epilogue.ImageBias + (index / rowsPerImage * epilogue.ImageBiasStride), column, count);
                x = Activate(x, epilogue.Activation);
                if (epilogue.Residual != null)
                    x += Load(epilogue.Residual + (index * epilogue.ResidualStride), column, count);
                VectorMath.StorePartial(x, y + (index * yStride) + column, count);
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
        Vector512<float> valueBias = Load(epilogue.Bias, column, count);
        Vector512<float> gateBias = Load(epilogue.Bias, inner + column, count);
        for (int row = 0; row < rows; row++)
        {
            long index = firstRow + row;
            Vector512<float> value = Vector512.Load(tile + (row * PackedMatrix.PanelWidth)) + valueBias;
            Vector512<float> gate = Vector512.Load(tile + (row * PackedMatrix.PanelWidth) + Lanes) + gateBias;
            Vector512<float> x = value * VectorMath.Gelu(gate);
            if (epilogue.Residual != null)
                x += Load(epilogue.Residual + (index * epilogue.ResidualStride), column, count);
            VectorMath.StorePartial(x, y + (index * yStride) + column, count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Load(float* source, int column, int count) =>
        source == null ? Vector512<float>.Zero : VectorMath.LoadPartial(source + column, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Activate(Vector512<float> x, Activation activation) => activation switch
    {
        Activation.Silu => VectorMath.Silu(x),
        Activation.QuickGelu => VectorMath.QuickGelu(x),
        Activation.Gelu => VectorMath.Gelu(x),
        _ => x,
    };
}
