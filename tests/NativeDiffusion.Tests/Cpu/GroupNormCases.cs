using Xunit;

namespace NativeDiffusion.Tests.Cpu;

/// <summary>GroupNorm: SD1.5's kinds in small and awkward sizes.</summary>
internal static class GroupNormCases
{
    public static IReadOnlyDictionary<string, GroupNormCase> All { get; } = new GroupNormCase[]
    {
        new("one pixel", 1, 32, 0, 1, 32, false),
        new("C320", 2, 320, 0, 117, 32, true),
        new("concat 640 + 320", 1, 640, 320, 64, 32, true),
        new("concat inside a group and a vector", 2, 20, 13, 31, 3, true),
        new("odd group", 1, 35, 0, 63, 5, false),
        new("many pixels", 1, 32, 0, 4999, 8, true),
        new("small values", 1, 64, 0, 65, 32, false, Scale: 1e-3f),
        new("mean far above deviation", 1, 64, 0, 257, 32, false, Scale: 1, Offset: 1000),
        new("one group", 1, 40, 0, 130, 1, false),
    }.ToDictionary(c => c.Name);

    public static TheoryData<string> Names => [.. All.Keys];
}
