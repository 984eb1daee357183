namespace NativeDiffusion.Cuda.Driver;

/// <summary>NVIDIA's libraries that are looked for at run time. None of them is needed to draw on the CPU.</summary>
internal enum CudaLibrary
{
    /// <summary>Comes with the display driver.</summary>
    Driver,

    /// <summary>The run-time compiler, of the toolkit or pip.</summary>
    Nvrtc,

    /// <summary>Matrix products, of the toolkit or pip.</summary>
    Cublas,
}
