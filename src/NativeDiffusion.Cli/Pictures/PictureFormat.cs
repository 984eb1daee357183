namespace NativeDiffusion.Cli.Pictures;

/// <summary>The file formats of written pictures.</summary>
internal enum PictureFormat
{
    /// <summary>Lossless; generation parameters in a text chunk.</summary>
    Png,

    /// <summary>Small; generation parameters in EXIF.</summary>
    Jpeg,

    /// <summary>Smaller; generation parameters in EXIF.</summary>
    Webp,
}
