namespace NativeDiffusion.Cpu;

/// <summary>
/// What happens to a finished sum before it is written, in this order: + bias, + the picture's own bias, activation, + residual.
/// Null pointers are left out.
/// </summary>
internal unsafe struct GemmEpilogue
{
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
}
