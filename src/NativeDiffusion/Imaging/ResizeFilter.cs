namespace NativeDiffusion.Imaging;

/// <summary>The kernel of resampling, as in PIL.</summary>
public enum ResizeFilter
{
    /// <summary>Three-lobed Lanczos: diffusers' and A1111's choice for pictures.</summary>
    Lanczos,

    /// <summary>Cubic with a = -0.5: PIL's default, A1111's for masks.</summary>
    Bicubic,

    /// <summary>Triangle.</summary>
    Bilinear,
}
