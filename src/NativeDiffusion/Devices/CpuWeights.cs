using NativeDiffusion.Cpu;
using NativeDiffusion.Plans;
using NativeDiffusion.Plans.Operations;
using NativeDiffusion.Tensors;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Devices;

/// <summary>Weights as the processor wants them, laid out once and shared by all plans of a device.</summary>
internal sealed class CpuWeights(CpuWorkers workers) : IDisposable
{
    private readonly Dictionary<(IWeightSource Source, string Layout), IDisposable> _laidOut = [];

    private NativeBuffer? _passage;

    /// <summary>Bytes held.</summary>
    public long Bytes { get; private set; }

    /// <summary>Bytes that a plan's matrices will take beside what is held already.</summary>
    public long Missing(Plan plan)
    {
        HashSet<(IWeightSource, string)> counted = [];
        long bytes = 0;
        foreach (MatrixOperation product in plan.Prologue.Concat(plan.Operations).OfType<MatrixOperation>())
        {
            foreach (MatrixSegment segment in product.Segments)
            {
                (IWeightSource, string) key = Key(segment, product.Outputs, product.Activation == Plans.Operations.Activation.GeGlu);
                if (_laidOut.ContainsKey(key) || !counted.Add(key)) continue;
                int kernel = segment.Window.Kernel;
                bytes += PackedMatrix.BytesOf(product.Outputs, kernel * kernel, segment.Weights[0].InputCount, FormOf(segment, product.Outputs));
            }
        }

        return bytes;
    }

    /// <summary>A segment's matrix, packed.</summary>
    /// <param name="segment">Whose weights.</param>
    /// <param name="outputs">All rows of the matrix.</param>
    /// <param name="gated">Whether values and gates of GEGLU are interleaved.</param>
    public PackedMatrix Matrix(MatrixSegment segment, int outputs, bool gated)
    {
        (IWeightSource source, string layout) = Key(segment, outputs, gated);
        return LayOut(source, layout, () => Pack(segment, outputs, FormOf(segment, outputs), gated), matrix => matrix.Bytes);
    }

    /// <summary>Vectors that are added up, stack by stack: [stacks' rows]. Null when no stack has one.</summary>
    public unsafe NativeBuffer? Biases(MatrixOperation product)
    {
        Parameter? first = product.Biases.SelectMany(stack => stack).FirstOrDefault();
        if (first is null) return null;
        string layout = $"bias {string.Join('|', product.Biases.Select(stack => string.Join('+', stack.Select(bias => bias.Name))))}";
        return LayOut(first.Source, layout, () => AddUp(product), buffer => buffer.Count * sizeof(float));
    }

    /// <summary>A weight as it stands.</summary>
    public NativeBuffer Plain(Parameter parameter) => LayOut(
        parameter.Source,
        $"plain {parameter.Name}",
        () =>
        {
            var buffer = new NativeBuffer(parameter.Shape.Count);
            parameter.Read(buffer.Span(0, checked((int)parameter.Shape.Count)));
            return buffer;
        },
        buffer => buffer.Count * sizeof(float));

    /// <summary>Gives back what only laying out needs.</summary>
    public void EndLayingOut()
    {
        _passage?.Dispose();
        _passage = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        EndLayingOut();
        foreach (IDisposable weights in _laidOut.Values) weights.Dispose();
        _laidOut.Clear();
        Bytes = 0;
    }

    private static (IWeightSource Source, string Layout) Key(MatrixSegment segment, int outputs, bool gated) => (
        segment.Weights[0].Weight.Source,
        $"{FormOf(segment, outputs)} matrix{(gated ? " gated" : "")} "
            + $"{string.Join(' ', segment.Weights.Select(rows => $"{rows.Weight.Name}[{rows.FirstInput}+{rows.InputCount}]"))}");

    private T LayOut<T>(IWeightSource source, string layout, Func<T> make, Func<T, long> bytes)
        where T : class, IDisposable
    {
        if (_laidOut.TryGetValue((source, layout), out IDisposable? known)) return (T)known;
        T made = make();
        _laidOut.Add((source, layout), made);
        Bytes += bytes(made);
        return made;
    }

    private PackedMatrix Pack(MatrixSegment segment, int outputs, ConvolutionForm form, bool gated)
    {
        int kernel = segment.Window.Kernel;
        var matrix = new PackedMatrix(outputs, kernel * kernel, segment.Weights[0].InputCount, form);
        int firstRow = 0;
        foreach (WeightRows rows in segment.Weights)
        {
            Parameter weight = rows.Weight;
            int count = weight.Shape[0];
            int[] map = gated ? PackedMatrix.GeGluRows(outputs) : [.. Enumerable.Range(firstRow, count)];
            matrix.Fill(workers, Read(weight), count, weight.Shape[1], kernel, kernel, rows.FirstInput, rows.InputCount, map);
            firstRow += count;
        }

        return matrix;
    }

    private static ConvolutionForm FormOf(MatrixSegment segment, int outputs)
    {
        ConvolutionWindow window = segment.Window;
        TensorShape x = segment.Source.Shape;
        // Only pictures have windows of more than one pixel.
        if (x.Rank != 4) return ConvolutionForm.Direct;
        return Conv2d.FormOf(window.Kernel, window.Stride, segment.Weights[0].InputCount, outputs, x[1], x[2], window.VirtualHeight, window.VirtualWidth);
    }

    // Weights pass through one block outside the managed heap, which would keep what it once grew to.
    private Span<float> Read(Parameter weight)
    {
        if (_passage is null || _passage.Count < weight.Shape.Count)
        {
            _passage?.Dispose();
            _passage = new NativeBuffer(weight.Shape.Count);
        }

        Span<float> numbers = _passage.Span(0, checked((int)weight.Shape.Count));
        weight.Read(numbers);
        return numbers;
    }

    private static NativeBuffer AddUp(MatrixOperation product)
    {
        var buffer = new NativeBuffer(product.Outputs);
        buffer.Clear();
        int firstRow = 0;
        for (int i = 0; i < product.Biases.Count; i++)
        {
            int rows = product.Segments[0].Weights[i].Weight.Shape[0];
            Span<float> stack = buffer.Span(firstRow, rows);
            foreach (Parameter bias in product.Biases[i]) System.Numerics.Tensors.TensorPrimitives.Add(stack, bias.Read(), stack);
            firstRow += rows;
        }

        return buffer;
    }
}
