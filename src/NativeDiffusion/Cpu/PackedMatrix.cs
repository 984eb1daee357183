using System.Diagnostics;
using System.Runtime.InteropServices;

namespace NativeDiffusion.Cpu;

/// <summary>
/// Weights of a matrix product in panels of <see cref="PanelWidth"/> outputs: [panel][depth][PanelWidth]. The inner loop
/// then reads one contiguous stream. The last panel's missing outputs are zeros.
/// </summary>
internal sealed unsafe class PackedMatrix : IDisposable
{
    /// <summary>Outputs in a panel: two vectors of 16.</summary>
    public const int PanelWidth = 32;

    private readonly NativeBuffer _memory;

    /// <summary>Allocates room for <paramref name="outputs"/> rows of <paramref name="depth"/> weights; Fill writes them.</summary>
    public PackedMatrix(int outputs, int depth)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(depth);
        Outputs = outputs;
        Depth = depth;
        Panels = (outputs + PanelWidth - 1) / PanelWidth;
        _memory = new NativeBuffer((long)Panels * depth * PanelWidth);
        if (outputs % PanelWidth != 0)
            NativeMemory.Clear(Panel(Panels - 1), (nuint)depth * PanelWidth * sizeof(float));
    }

    /// <summary>Rows of the matrix.</summary>
    public int Outputs { get; }

    /// <summary>Length of a row.</summary>
    public int Depth { get; }

    /// <summary>Number of panels.</summary>
    public int Panels { get; }

    /// <summary>Bytes held.</summary>
    public long Bytes => _memory.Count * sizeof(float);

    /// <summary>First float of a panel.</summary>
    public float* Panel(int index) => _memory.Pointer + ((long)index * Depth * PanelWidth);

    /// <summary>
    /// The row of the packed matrix for each of GEGLU's <paramref name="outputs"/> (values, then gates): a panel holds 16 values
    /// and the 16 gates that belong to them, so that the epilogue meets both in one tile.
    /// </summary>
    public static int[] GeGluRows(int outputs)
    {
        const int Half = PanelWidth / 2;
        int inner = outputs / 2;
        var rows = new int[outputs];
        for (int i = 0; i < inner; i++)
        {
            rows[i] = (i / Half * PanelWidth) + (i % Half);
            rows[inner + i] = rows[i] + Half;
        }

        return rows;
    }

    /// <summary>Packs weights in PyTorch's layout; several calls may fill different rows (joined projections).</summary>
    /// <param name="workers">The threads.</param>
    /// <param name="oihw">[outputs, inputs, kernelHeight, kernelWidth], row-major; a linear layer has a 1x1 window.</param>
    /// <param name="outputs">Rows given.</param>
    /// <param name="inputs">Input channels given.</param>
    /// <param name="kernelHeight">Rows of the window.</param>
    /// <param name="kernelWidth">Columns of the window.</param>
    /// <param name="firstInput">First input channel that belongs to this matrix (concat: its sources have a matrix each).</param>
    /// <param name="inputCount">Input channels that belong to this matrix; Depth = kernelHeight · kernelWidth · inputCount.</param>
    /// <param name="rowMap">Row of the packed matrix for each output; empty = the output's own index.</param>
    public void Fill(
        CpuWorkers workers, ReadOnlySpan<float> oihw, int outputs, int inputs, int kernelHeight, int kernelWidth, int firstInput, int inputCount, ReadOnlySpan<int> rowMap)
    {
        int taps = kernelHeight * kernelWidth;
        Debug.Assert(oihw.Length == (long)outputs * inputs * taps, "The weights have the size that their shape says.");
        Debug.Assert(taps * inputCount == Depth && firstInput + inputCount <= inputs, "The depth is the window times the channels taken.");
        fixed (float* source = oihw)
        fixed (int* map = rowMap)
        {
            // Copied: lambdas do not take fixed locals.
            float* weights = source;
            int* rows = map;
            int groups = (outputs + PanelWidth - 1) / PanelWidth;
            workers.Run(groups, group =>
            {
                int end = Math.Min(outputs, (group + 1) * PanelWidth);
                for (int output = group * PanelWidth; output < end; output++)
                {
                    int row = rows == null ? output : rows[output];
                    float* from = weights + (((long)output * inputs) + firstInput) * taps;
                    float* to = Panel(row / PanelWidth) + (row % PanelWidth);
                    for (int tap = 0; tap < taps; tap++)
                    {
                        for (int c = 0; c < inputCount; c++)
                            to[(long)((tap * inputCount) + c) * PanelWidth] = from[(c * taps) + tap];
                    }
                }
            });
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();
}
