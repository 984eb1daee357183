using NativeDiffusion.Devices;
using NativeDiffusion.Tensors;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Cpu.Device;

/// <summary>Weights packed for the CPU, once, and shared by all plans of a device.</summary>
internal sealed class CpuWeights(CpuWorkers workers) : IDisposable
{
    private readonly WeightCache<PackedMatrix> _matrices = new();
    private readonly WeightCache<NativeBuffer> _vectors = new();
    private NativeBuffer? _passage;

    /// <summary>Size in bytes.</summary>
    public long Bytes => _matrices.Bytes + _vectors.Bytes;

    /// <summary>Bytes that layouts need in addition to the packed ones.</summary>
    public long Missing(IEnumerable<WeightLayout> layouts) =>
        layouts.Distinct().Where(layout => !_matrices.Contains(layout) && !_vectors.Contains(layout)).Sum(layout => layout.Bytes);

    /// <summary>A matrix, packed.</summary>
    /// <param name="layout">A layout of another form than Vector.</param>
    /// <param name="owner">The owner.</param>
    public PackedMatrix Matrix(WeightLayout layout, object owner) => _matrices.Get(layout, owner, Pack);

    /// <summary>A vector, or any unpacked weight.</summary>
    /// <param name="layout">A layout of form Vector.</param>
    /// <param name="owner">The owner.</param>
    public NativeBuffer Vector(WeightLayout layout, object owner) => _vectors.Get(layout, owner, AddUp);

    /// <summary>Packs a layout of any form.</summary>
    /// <param name="layout">The layout.</param>
    /// <param name="owner">The owner.</param>
    public void LayOut(WeightLayout layout, object owner)
    {
        if (layout.Form == WeightForm.Vector) Vector(layout, owner);
        else Matrix(layout, owner);
    }

    /// <summary>Releases memory that only packing needs.</summary>
    public void EndLayingOut()
    {
        _passage?.Dispose();
        _passage = null;
    }

    /// <summary>Removes an owner; entries without owners are released.</summary>
    public void Release(object owner)
    {
        _matrices.Release(owner);
        _vectors.Release(owner);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        EndLayingOut();
        _matrices.Dispose();
        _vectors.Dispose();
    }

    private PackedMatrix Pack(WeightLayout layout)
    {
        ConvolutionForm form = layout.Form switch
        {
            WeightForm.Phases => ConvolutionForm.Phases,
            WeightForm.Winograd => ConvolutionForm.Winograd,
            _ => ConvolutionForm.Direct,
        };
        int side = layout.TapMap.Side;
        var matrix = new PackedMatrix(layout.Outputs, layout.Taps, layout.Inputs, form);
        foreach (WeightBlock block in layout.Blocks)
        {
            TensorShape shape = block.Parameter.Shape;
            int[] rows = [.. Enumerable.Range(block.FirstOutput, shape[0]).Select(layout.RowOf)];
            matrix.Fill(workers, Read(block.Parameter), shape[0], shape[1], side, side, block.FirstInput, block.Inputs, rows, block.FirstDepth);
        }

        return matrix;
    }

    // Weights are read into one native block, because the managed heap would not shrink again.
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

    private NativeBuffer AddUp(WeightLayout layout)
    {
        var buffer = new NativeBuffer(layout.Outputs);
        if (layout.Blocks is [{ FirstOutput: 0 } only] && only.Parameter.Shape.Count == layout.Outputs)
        {
            only.Parameter.Read(buffer.Span(0, layout.Outputs));
            return buffer;
        }

        buffer.Clear();
        foreach (WeightBlock block in layout.Blocks)
        {
            Span<float> sum = buffer.Span(block.FirstOutput, checked((int)block.Parameter.Shape.Count));
            System.Numerics.Tensors.TensorPrimitives.Add(sum, Read(block.Parameter), sum);
        }

        return buffer;
    }
}
