using NativeDiffusion.Tensors;

namespace NativeDiffusion.Plans;

/// <summary>Several plain products of one source as one: weights stacked by rows, consumers read their columns.</summary>
internal static class JoinedProduct
{
    /// <summary>Joins.</summary>
    /// <param name="editor">The pass's working copy.</param>
    /// <param name="products">Plain products that read the same source, in the order of their columns.</param>
    /// <param name="index">Index of the joined product: at or before the first consumer, not before the source.</param>
    public static void Join(GraphEditor editor, IReadOnlyList<GemmOperation> products, int index)
    {
        GemmOperation first = products[0];
        int width = products.Sum(product => product.Width);
        Span<int> shape = stackalloc int[first.Output.Shape.Rank];
        first.Output.Shape.Dimensions.CopyTo(shape);
        shape[^1] = width;
        var joined = new PlanTensor(new TensorShape(shape));
        foreach (GemmOperation product in products) editor.Remove(product);
        editor.Replace(index, new GemmOperation(
            [first.Segments[0] with { Weights = [.. products.Select(product => product.Segments[0].Weights[0])] }],
            [.. products.Select(product => product.Biases[0])],
            width,
            joined)
        { Scope = first.Scope });
        int firstChannel = 0;
        foreach (GemmOperation product in products)
        {
            editor.Substitute(product.Output, new PlanTensor(product.Output.Shape, joined, firstChannel));
            firstChannel += product.Width;
        }
    }
}
