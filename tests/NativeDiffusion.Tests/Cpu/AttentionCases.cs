using Xunit;

namespace NativeDiffusion.Tests.Cpu;

/// <summary>Attention: SD1.5's head sizes on few tokens, and awkward ones.</summary>
internal static class AttentionCases
{
    public static IReadOnlyDictionary<string, AttentionCase> All { get; } = new AttentionCase[]
    {
        new("one token", 1, 1, 1, 1, 4),
        new("self d40", 1, 2, 145, 145, 40, Joined: true),
        new("self d80", 2, 2, 64, 64, 80, Joined: true),
        new("self d160", 1, 2, 65, 65, 160),
        new("cross d40", 2, 3, 117, 77, 40),
        new("cross d160, long prompt", 1, 1, 33, 154, 160),
        new("vae d512", 1, 1, 130, 130, 512),
        new("text, causal", 2, 3, 77, 77, 64, Causal: true),
        new("causal beyond a tile", 1, 1, 150, 150, 12, Causal: true),
        new("odd d12", 1, 2, 31, 63, 12),
        new("odd d5", 1, 3, 33, 127, 5),
        new("sharp", 1, 1, 40, 300, 40, Sharpness: 30),
    }.ToDictionary(c => c.Name);

    public static TheoryData<string> Names => [.. All.Keys];
}
