namespace NativeDiffusion.Tensors;

/// <summary>A function applied to every number of a layer's result. One list for models, graphs, CPU operations and kernels.</summary>
public enum Activation
{
    /// <summary>The identity.</summary>
    None,

    /// <summary>x · sigmoid(x) (swish; arXiv:1702.03118).</summary>
    Silu,

    /// <summary>x · sigmoid(1.702 x), OpenAI CLIP's GELU.</summary>
    QuickGelu,

    /// <summary>x · Φ(x) with the exact error function (arXiv:1606.08415).</summary>
    Gelu,

    /// <summary>First half of the channels times GELU of the second half (arXiv:2002.05202): the result is half as wide.</summary>
    GeGlu,
}
