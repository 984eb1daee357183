namespace NativeDiffusion.VirtualGpu.Ptx;

/// <summary>
/// PTX that the virtual GPU cannot load: malformed, or with an unsupported instruction or directive. The message names the line of the PTX
/// and the text there.
/// </summary>
public sealed class PtxException : Exception
{
    /// <summary>Creates the exception for a line of PTX.</summary>
    /// <param name="message">The error, as a sentence without its location.</param>
    /// <param name="line">The line of the PTX, from 1; 0 if none is known.</param>
    public PtxException(string message, int line)
        : base(line > 0 ? $"PTX line {line}: {message}" : message) => Line = line;

    /// <summary>The line of the PTX, from 1; 0 if none is known.</summary>
    public int Line { get; }
}
