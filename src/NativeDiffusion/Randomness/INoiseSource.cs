namespace NativeDiffusion.Randomness;

/// <summary>
/// A stream of standard normal numbers, drawn in calls as from <c>torch.randn</c>. The call boundaries are part
/// of the stream: two calls of 8 need not give the numbers of one call of 16. Not thread-safe.
/// </summary>
public interface INoiseSource
{
    /// <summary>Draws one call's numbers.</summary>
    /// <param name="destination">Filled with normals of mean 0 and variance 1, in the order of a contiguous tensor of that many elements.</param>
    void Normal(Span<float> destination);
}
