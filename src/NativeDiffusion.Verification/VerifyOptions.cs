namespace NativeDiffusion.Verification;

/// <summary>What to verify and on what.</summary>
/// <param name="Folder">The folder of goldens.</param>
public sealed record VerifyOptions(string Folder)
{
    /// <summary>Where models are looked up by name; null skips the cases that need one.</summary>
    public string? ModelsFolder { get; init; }

    /// <summary>The device; goldens run on <c>cpu</c> alone so far.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>How many threads the device may use; 0 for all.</summary>
    public int Threads { get; init; }

    /// <summary>A pattern of case names with <c>*</c> and <c>?</c>, or null for all.</summary>
    public string? Only { get; init; }

    /// <summary>Whether cases run that take longer than <see cref="LongestSeconds"/>.</summary>
    public bool Full { get; init; }

    /// <summary>What a case may be estimated at, on this machine, without <see cref="Full"/>.</summary>
    public double LongestSeconds { get; init; } = 300;
}
