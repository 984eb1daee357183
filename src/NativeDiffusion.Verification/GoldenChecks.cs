namespace NativeDiffusion.Verification;

/// <summary>The supported kinds of golden files, one line each; <c>tests/goldens/README.md</c> of the repository states their formats.</summary>
public static class GoldenChecks
{
    /// <summary>The kinds, in the order in which they run.</summary>
    public static IReadOnlyList<IGoldenCheck> All { get; } =
    [
        new RandomTorchCpuCheck(),
        new RandomNvCheck(),
        new RandomBrownianCheck(),
        new TokensCheck(),
        new PromptsCheck(),
        new TextCheck(),
        new ClipCheck(),
        new VaeCheck(),
        new UNetCheck(),
        new TinyPartsCheck(),
        new PicturesCheck(),
        new Sd15Check(),
        new SchedulesDiffusersCheck(),
        new SchedulesKDiffusionCheck(),
    ];
}
