namespace NativeDiffusion.VirtualGpu.Cubin;

/// <summary>A cubin is not what it must be. The message names the file, what was expected and what was found.</summary>
public sealed class CubinException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="name">The file, or what the caller calls the image.</param>
    /// <param name="message">What is wrong, as a sentence.</param>
    public CubinException(string name, string message)
        : base($"{name}: {message}") => Name = name;

    /// <summary>The file, or what the caller calls the image.</summary>
    public string Name { get; }
}
