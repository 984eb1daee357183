using System.Collections.Immutable;
using NativeDiffusion.Plans;
using NativeDiffusion.Tensors;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Cpu.Device;

/// <summary>The packed layouts of an operation's weights on the CPU.</summary>
internal static class CpuLayouts
{
    /// <summary>Of all weights of an operation.</summary>
    public static IEnumerable<WeightLayout> Of(Operation operation)
    {
        switch (operation)
        {
            case GemmOperation product:
                foreach (MatrixSegment segment in product.Segments) yield return Matrix(product, segment);
                if (Bias(product) is { } bias) yield return bias;
                break;
            case LayerNormOperation norm:
                yield return Vector(norm.Weight);
                yield return Vector(norm.Bias);
                break;
            case GroupNormOperation norm:
                yield return Vector(norm.Weight);
                yield return Vector(norm.Bias);
                break;
            case TokenEmbeddingOperation embedding:
                yield return Vector(embedding.Table);
                yield return Vector(embedding.Positions);
                break;
        }
    }

    /// <summary>Of a segment's matrix: panels of 32 outputs, in the form for the segment's sizes.</summary>
    public static WeightLayout Matrix(GemmOperation product, MatrixSegment segment)
    {
        var blocks = ImmutableArray.CreateBuilder<WeightBlock>();
        int firstOutput = 0;
        foreach (WeightRows rows in segment.Weights)
        {
            blocks.Add(new WeightBlock(rows.Weight, rows.FirstInput, rows.InputCount, firstOutput));
            firstOutput += rows.Weight.Shape[0];
        }

        return new WeightLayout
        {
            Form = FormOf(product, segment) switch
            {
                ConvolutionForm.Phases => WeightForm.Phases,
                ConvolutionForm.Winograd => WeightForm.Winograd,
                _ => WeightForm.Matrix,
            },
            Outputs = product.Width,
            Inputs = segment.Weights[0].InputCount,
            Taps = segment.Window.Kernel * segment.Window.Kernel,
            RowGroup = PackedMatrix.PanelWidth,
            InterleavesGates = product.Activation == Activation.GeGlu,
            Blocks = blocks.ToImmutable(),
        };
    }

    /// <summary>Of a product's biases, summed if there are several; null if it has none.</summary>
    public static WeightLayout? Bias(GemmOperation product)
    {
        var blocks = ImmutableArray.CreateBuilder<WeightBlock>();
        int firstOutput = 0;
        for (int i = 0; i < product.Biases.Length; i++)
        {
            foreach (Parameter bias in product.Biases[i]) blocks.Add(new WeightBlock(bias, 0, 1, firstOutput));
            firstOutput += product.Segments[0].Weights[i].Weight.Shape[0];
        }

        return blocks.Count == 0 ? null : new WeightLayout { Form = WeightForm.Vector, Outputs = product.Width, Blocks = blocks.ToImmutable() };
    }

    /// <summary>Of an unpacked weight.</summary>
    public static WeightLayout Vector(Parameter parameter) => new()
    {
        Form = WeightForm.Vector,
        Outputs = checked((int)parameter.Shape.Count),
        Blocks = [new WeightBlock(parameter, 0, 1, 0)],
    };

    // The first segment's phases set the order of a product's rows: others have none of their own, and no Winograd's squares beside them.
    private static ConvolutionForm FormOf(GemmOperation product, MatrixSegment segment)
    {
        ConvolutionForm form = OwnForm(product, segment);
        bool hasPhases = OwnForm(product, product.Segments[0]) == ConvolutionForm.Phases;
        return form == (hasPhases ? ConvolutionForm.Winograd : ConvolutionForm.Phases) ? ConvolutionForm.Direct : form;
    }

    private static ConvolutionForm OwnForm(GemmOperation product, MatrixSegment segment)
    {
        ConvolutionWindow window = segment.Window;
        TensorShape x = segment.Source.Shape, y = product.Output.Shape;
        // Only pictures have windows of more than one pixel.
        if (x.Rank != 4) return ConvolutionForm.Direct;
        bool keepsSize = window.PadTop == 1 && y[1] == window.VirtualHeight && y[2] == window.VirtualWidth;
        return Conv2d.FormOf(
            window.Kernel, window.Stride, segment.Weights[0].InputCount, product.Width, x[1], x[2], window.VirtualHeight, window.VirtualWidth, keepsSize);
    }
}
