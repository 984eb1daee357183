namespace NativeDiffusion.Imaging;

/// <summary>A text chunk of a PNG file.</summary>
/// <param name="Keyword">1 to 79 printable Latin-1 characters; A1111's generation parameters are <c>parameters</c>.</param>
/// <param name="Text">Any text; Latin-1 is stored in a tEXt chunk, other text in iTXt as UTF-8, as PIL does.</param>
public sealed record PngText(string Keyword, string Text);
