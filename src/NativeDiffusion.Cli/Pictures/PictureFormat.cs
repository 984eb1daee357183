namespace NativeDiffusion.Cli.Pictures;

/// <summary>The file formats that pictures are written in.</summary>
internal enum PictureFormat
{
    /// <summary>Without loss; carries the generation text in a text chunk.</summary>
    Png,

    /// <summary>Small; carries the generation text in EXIF.</summary>
    Jpeg,

    /// <summary>Smaller; carries the generation text in EXIF.</summary>
    Webp,
}
