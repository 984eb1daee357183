namespace NativeDiffusion.Solvers.Profiles;

/// <summary>Schedule names as users write them.</summary>
internal static class ScheduleName
{
    /// <summary>In lower case with underscores; null for none and for <c>Automatic</c>.</summary>
    public static string? Normalised(string? name)
    {
        if (string.IsNullOrWhiteSpace(name)) return null;
        string normal = string.Concat(name.Trim().Select(letter => letter is ' ' or '-' ? '_' : char.ToLowerInvariant(letter)));
        return normal switch
        {
            "automatic" or "auto" => null,
            "sgmuniform" => "sgm_uniform",
            "ddim_uniform" => "ddim",
            _ => normal,
        };
    }
}
