using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Cpu;

/// <summary>
/// Weights of a matrix product in panels of <see cref="PanelWidth"/> outputs: [panel][matrix][depth][PanelWidth]. The inner loop
/// then reads one contiguous stream. The last panel's missing outputs are zeros. A convolution's form may need several matrices.
/// </summary>
internal sealed unsafe class PackedMatrix : IDisposable
{
    /// <summary>Outputs in a panel: two vectors of 16.</summary>
    public const int PanelWidth = 32;

    private readonly NativeBuffer _memory;
    private readonly int _matrices;

    /// <summary>Allocates <paramref name="outputs"/> rows of <paramref name="taps"/> · <paramref name="inputs"/> weights; Fill writes them.</summary>
    /// <param name="outputs">Rows.</param>
    /// <param name="taps">Taps of the window: 1 or 9.</param>
    /// <param name="inputs">Channels that each tap reads.</param>
    /// <param name="form">Forms other than direct are for 3x3 windows only.</param>
    public PackedMatrix(int outputs, int taps, int inputs, ConvolutionForm form = ConvolutionForm.Direct)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(taps);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputs);
        Debug.Assert(form == ConvolutionForm.Direct || taps == 9, "Forms are of 3x3 windows.");
        Outputs = outputs;
        Form = form;
        Depth = ConvolutionWeights.Taps(form, taps) * inputs;
        Panels = (outputs + PanelWidth - 1) / PanelWidth;
        _matrices = ConvolutionWeights.Matrices(form);
        _memory = new NativeBuffer(BytesOf(outputs, taps, inputs, form) / sizeof(float));
        if (outputs % PanelWidth != 0)
            NativeMemory.Clear(Panel(Panels - 1), (nuint)_matrices * (nuint)Depth * PanelWidth * sizeof(float));
    }

    /// <summary>
    /// Allocates memory for the rows of a range of a product's columns, 1x1 windows: an adapter's Up. Its panels are those of the product that hold a
    /// column of the range, so that panel p of both has the same columns in the same lanes; lanes outside of the range are zeros.
    /// </summary>
    /// <param name="columns">The range.</param>
    /// <param name="inputs">Channels: the rank reserved.</param>
    public PackedMatrix(in ColumnRange columns, int inputs)
        : this((columns.EndPanel - columns.FirstPanel) * PanelWidth, 1, inputs)
    {
        Outputs = columns.Count;
        FirstPanel = columns.FirstPanel;
        Columns = columns;
        _memory.Clear();
    }

    /// <summary>Rows of the matrix.</summary>
    public int Outputs { get; }

    /// <summary>The product's columns that the rows are; null = all.</summary>
    public ColumnRange? Columns { get; }

    /// <summary>The product's panel that this matrix's first one belongs to.</summary>
    public int FirstPanel { get; }

    /// <summary>The product's panel after the last one that this matrix has.</summary>
    public int EndPanel => FirstPanel + Panels;

    /// <summary>How a convolution with these weights is computed.</summary>
    public ConvolutionForm Form { get; }

    /// <summary>Length of a row of each matrix, in the order (row of the window, column of the window, channel).</summary>
    public int Depth { get; }

    /// <summary>Number of panels.</summary>
    public int Panels { get; }

    /// <summary>Size in bytes.</summary>
    public long Bytes => _memory.Count * sizeof(float);

    /// <summary>Size in bytes of such a matrix.</summary>
    public static long BytesOf(int outputs, int taps, int inputs, ConvolutionForm form) =>
        (long)((outputs + PanelWidth - 1) / PanelWidth) * PanelWidth * ConvolutionWeights.Matrices(
            form) * ConvolutionWeights.Taps(form, taps) * inputs * sizeof(float);

    /// <summary>First float of one of the product's panels, <see cref="FirstPanel"/> … <see cref="EndPanel"/> - 1, of one matrix.</summary>
    public float* Panel(int index, int matrix = 0) => _memory.Pointer + ((((long)(index - FirstPanel) * _matrices) + matrix) * Depth * PanelWidth);

    /// <summary>
    /// The row of the packed matrix for each of GEGLU's <paramref name="outputs"/> (values, then gates): a panel holds 16 values
    /// and the 16 gates that belong to them, so that the epilogue finds both in one tile.
    /// </summary>
    public static int[] GeGluRows(int outputs) => [.. Enumerable.Range(0, outputs).Select(output => GateInterleaving.RowOf(output, outputs, PanelWidth))];

    /// <summary>Packs weights in PyTorch's layout; several calls may fill different rows (joined projections).</summary>
    /// <param name="workers">The threads.</param>
    /// <param name="oihw">[outputs, inputs, kernelHeight, kernelWidth], row-major; a linear layer has a 1x1 window.</param>
    /// <param name="outputs">Rows of <c>oihw</c>.</param>
    /// <param name="inputs">Input channels of <c>oihw</c>.</param>
    /// <param name="kernelHeight">Rows of the window.</param>
    /// <param name="kernelWidth">Columns of the window.</param>
    /// <param name="firstInput">First input channel that belongs to this matrix (concat: its sources have a matrix each).</param>
    /// <param name="inputCount">Input channels that belong to this matrix.</param>
    /// <param name="rowMap">Row of the packed matrix for each output; empty = the output's own index, or its index in the range of columns.</param>
    /// <param name="firstDepth">First depth of the channels: stacked adapters are concatenated. 1x1 windows only.</param>
    public void Fill(
        CpuWorkers workers, ReadOnlySpan<float> oihw, int outputs, int inputs, int kernelHeight, int kernelWidth, int firstInput, int inputCount,
            ReadOnlySpan<int> rowMap, int firstDepth = 0)
    {
        if (rowMap.IsEmpty && Columns is { } columns)
            rowMap = columns.Rows();
        int taps = kernelHeight * kernelWidth;
        int formTaps = ConvolutionWeights.Taps(Form, taps);
        Debug.Assert(oihw.Length == (long)outputs * inputs * taps, "The weights have the size that their shape says.");
        Debug.Assert(firstInput + inputCount <= inputs, "The channels taken are among those given.");
        Debug.Assert(
            taps == 1 ? firstDepth + inputCount <= Depth : firstDepth == 0 && formTaps * inputCount == Depth,
            "The depth is the window times the channels taken; several fills make the depth of a 1x1 window.");
        fixed (float* source = oihw)
        fixed (int* map = rowMap)
        {
            // Copied: lambdas cannot capture fixed locals.
            float* weights = source;
            int* rows = map;
            int groups = (outputs + PanelWidth - 1) / PanelWidth;
            workers.Run(groups, group =>
            {
                int first = group * PanelWidth;
                int count = Math.Min(PanelWidth, outputs - first);
                float** from = stackalloc float*[PanelWidth];
                float** to = stackalloc float*[PanelWidth];
                for (int i = 0; i < count; i++)
                {
                    int row = rows == null ? first + i : rows[first + i];
                    from[i] = weights + (((((long)first + i) * inputs) + firstInput) * taps);
                    to[i] = Panel(row / PanelWidth) + ((long)firstDepth * PanelWidth) + (row % PanelWidth);
                }

                if (Form == ConvolutionForm.Direct)
                    FillDirect(from, to, count, taps, inputCount);
                else
                    FillForm(from, to, count, inputCount, formTaps);
            });
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    // Panel lines in order: the reads stay within a few cache lines of each output.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FillDirect(float** from, float** to, int count, int taps, int inputs)
    {
        for (int c = 0; c < inputs; c++)
        {
            for (int tap = 0; tap < taps; tap++)
            {
                long line = (long)((tap * inputs) + c) * PanelWidth;
                int place = (c * taps) + tap;
                for (int i = 0; i < count; i++)
                    to[i][line] = from[i][place];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FillForm(float** from, float** to, int count, int inputs, int formTaps)
    {
        Span<float> result = stackalloc float[16];
        for (int c = 0; c < inputs; c++)
        {
            for (int i = 0; i < count; i++)
            {
                ConvolutionWeights.Transform(Form, new ReadOnlySpan<float>(from[i] + (c * 9), 9), result);
                for (int j = 0; j < result.Length; j++)
                {
                    long line = ((long)(j / formTaps) * Depth) + (j % formTaps * inputs) + c;
                    to[i][line * PanelWidth] = result[j];
                }
            }
        }
    }
}
