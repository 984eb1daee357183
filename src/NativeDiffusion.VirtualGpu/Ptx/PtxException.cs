namespace NativeDiffusion.VirtualGpu.Ptx;

/// <summary>
/// PTX that the virtual GPU cannot take: malformed, or an instruction or directive it does not have. The message names the line of the PTX
/// and the text there.
/// </summary>
public sealed class PtxException : Exception
{
    /// <summary>Creates the exception for a line of PTX.</summary>
    /// <param name="message">What is wrong, as a sentence without its place.</param>
    /// <param name="line">The line of the PTX, from 1; 0 where none can be named.</param>
    public PtxException(string message, int line)
        : base(line > 0 ? $"PTX line {line}: {message}" : message) => Line = line;

    /// <summary>The line of the PTX, from 1; 0 where none can be named.</summary>
    public int Line { get; }
}
