using NativeDiffusion.Tensors;

namespace NativeDiffusion.Cpu;

/// <summary>
/// Applied to a complete sum before it is stored, in this order: · the picture's own factor, + bias, + the picture's own bias, activation,
/// + residual.
/// Null pointers are skipped.
/// </summary>
internal unsafe struct GemmEpilogue
{
    /// <summary>
    /// Number of outputs that are computed and written, read once per run: 0 … all, an adapter's actual rank if the product computes
    /// its t = x · Downᵀ. Null = all. Not with GEGLU.
    /// </summary>
    public int* Rank;

    /// <summary>[N, outputs]: a factor for each picture and output (the adapters' scales). Not with GEGLU.</summary>
    public float* ImageFactor;

    /// <summary>Floats between two pictures' factors; 0 = the same for all pictures.</summary>
    public int ImageFactorStride;

    /// <summary>[outputs]; for GEGLU in the checkpoint's order, values then gates.</summary>
    public float* Bias;

    /// <summary>[N, outputs]: one vector for each picture (the time embedding). Not with GEGLU.</summary>
    public float* ImageBias;

    /// <summary>Floats between two pictures' vectors.</summary>
    public int ImageBiasStride;

    /// <summary>[rows, outputs] (GEGLU: half the outputs), added after the activation; may be the output itself.</summary>
    public float* Residual;

    /// <summary>Floats between two rows of the residual.</summary>
    public int ResidualStride;

    /// <summary>Applied to the sum with its biases.</summary>
    public Activation Activation;

    /// <summary>Current number of computed outputs, of <paramref name="outputs"/>.</summary>
    /// <exception cref="ArgumentException">The rank is negative or above the outputs, or the product is gated.</exception>
    public readonly int OutputsInUse(int outputs)
    {
        if (Rank == null)
            return outputs;
        int rank = *Rank;
        if (Activation == Activation.GeGlu)
            throw new ArgumentException("A gated product computes all its outputs: its rank must be null.");
        if (rank < 0 || rank > outputs)
            throw new ArgumentException($"An adapter's rank is {rank}, but its layer supports ranks of 0 to {outputs}: reserve more, or merge it.");
        return rank;
    }
}
