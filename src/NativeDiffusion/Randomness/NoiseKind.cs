namespace NativeDiffusion.Randomness;

/// <summary>The source of normal numbers.</summary>
public enum NoiseKind
{
    /// <summary>torch's CPU generator (mt19937): diffusers' recommendation, ComfyUI, A1111's "CPU".</summary>
    TorchCpu,

    /// <summary>torch's CUDA generator (Philox) of a given GPU: A1111's "GPU".</summary>
    TorchCuda,

    /// <summary>A1111's "NV": Philox for any number of elements.</summary>
    Nv,
}
