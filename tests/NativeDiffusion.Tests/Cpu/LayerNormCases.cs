using Xunit;

namespace NativeDiffusion.Tests.Cpu;

/// <summary>LayerNorm: SD1.5's widths on few rows, and awkward ones.</summary>
internal static class LayerNormCases
{
    public static IReadOnlyDictionary<string, LayerNormCase> All { get; } = new LayerNormCase[]
    {
        new("C320", 117, 320),
        new("text", 154, 768),
        new("C1280", 64, 1280),
        new("small values", 33, 320, Scale: 1e-3f),
        new("prime", 31, 131),
    }.ToDictionary(c => c.Name);

    public static TheoryData<string> Names => [.. All.Keys];
}
