namespace NativeDiffusion.VirtualGpu.Cubin;

/// <summary>An invalid cubin. The message names the file, what was expected and what was found.</summary>
public sealed class CubinException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="name">The file, or the caller's name of the image.</param>
    /// <param name="message">What is wrong, as a sentence.</param>
    public CubinException(string name, string message)
        : base($"{name}: {message}") => Name = name;

    /// <summary>The file, or the caller's name of the image.</summary>
    public string Name { get; }
}
