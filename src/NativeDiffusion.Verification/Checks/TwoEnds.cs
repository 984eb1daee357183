namespace NativeDiffusion.Verification;

/// <summary>Goldens of long draws keep the first and the last numbers only.</summary>
internal static class TwoEnds
{
    /// <summary>The first and last halves of a count, or all when there are no more.</summary>
    public static float[] Of(float[] numbers, int count) =>
        count >= numbers.Length ? numbers : [.. numbers[..(count / 2)], .. numbers[^(count - count / 2)..]];
}
