namespace NativeDiffusion.Imaging;

/// <summary>A text that travels in a PNG file.</summary>
/// <param name="Keyword">1 to 79 printable Latin-1 characters; A1111's generation text is <c>parameters</c>.</param>
/// <param name="Text">Any text; Latin-1 goes into a tEXt chunk, other into iTXt as UTF-8, as PIL does.</param>
public sealed record PngText(string Keyword, string Text);
