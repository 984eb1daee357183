namespace NativeDiffusion.Imaging;

/// <summary>The order in which A1111 writes the keys of generation parameters.</summary>
internal static class FieldOrder
{
    private static readonly string[] s_before =
    [
        "Steps", "Sampler", "Schedule type", "CFG scale", "Image CFG scale", "Seed", "Face restoration", "Size", "Model hash", "Model",
        "FP8 weight", "Cache FP16 weight for LoRA", "VAE hash", "VAE", "Variation seed", "Variation seed strength", "Seed resize from",
        "Denoising strength", "Conditional mask weight", "Clip skip", "ENSD", "Token merging ratio", "Token merging ratio hr",
        "Init image hash", "RNG", "Tiling",
    ];

    private static readonly string[] s_after = ["Version", "User"];

    /// <summary>A known key's position; unknown keys share one, between the known ones and "Version".</summary>
    public static int Rank(string key)
    {
        int place = Array.IndexOf(s_before, key);
        if (place >= 0) return place;
        place = Array.IndexOf(s_after, key);
        return s_before.Length + 1 + place;
    }
}
