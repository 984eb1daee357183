using System.Runtime.Intrinsics;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Cpu;

/// <summary>Separate activations, float32. Products apply the same functions in their epilogue.</summary>
internal static unsafe class Activate
{
    private const int Lanes = 16;

    /// <summary>y = activation(x).</summary>
    /// <param name="workers">The threads.</param>
    /// <param name="x">[rows, channels].</param>
    /// <param name="y">[rows, channels]; may be x. For GEGLU [rows, channels / 2]: the first half of a row times GELU of the second.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="channels">Channels of x.</param>
    /// <param name="activation">The function.</param>
    public static void Forward(CpuWorkers workers, float* x, float* y, int rows, int channels, Activation activation)
    {
        if (activation == Activation.GeGlu)
        {
            int half = channels / 2;
            RowBlocks.Run(workers, rows, channels, row =>
            {
                float* values = x + ((long)row * channels), to = y + ((long)row * half);
                for (int i = 0; i < half; i += Lanes)
                {
                    int lanes = Math.Min(Lanes, half - i);
                    Vector512<float> gate = VectorMath.Gelu(VectorMath.LoadPartial(values + half + i, lanes));
                    VectorMath.StorePartial(VectorMath.LoadPartial(values + i, lanes) * gate, to + i, lanes);
                }
            });
            return;
        }

        RowBlocks.RunFlat(workers, (long)rows * channels, (start, length) =>
        {
            for (int i = 0; i < length; i += Lanes)
            {
                int lanes = Math.Min(Lanes, length - i);
                VectorMath.StorePartial(Apply(VectorMath.LoadPartial(x + start + i, lanes), activation), y + start + i, lanes);
            }
        });
    }

    private static Vector512<float> Apply(Vector512<float> x, Activation activation) => activation switch
    {
        Activation.Silu => VectorMath.Silu(x),
        Activation.QuickGelu => VectorMath.QuickGelu(x),
        Activation.Gelu => VectorMath.Gelu(x),
        _ => x,
    };
}
