using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace NativeDiffusion;

/// <summary>Activities of generations and their stages, and metrics. Free of cost without a listener.</summary>
internal static class Telemetry
{
    /// <summary>The name of both the activity source and the meter.</summary>
    public const string Name = "NativeDiffusion";

    private static readonly Meter s_meter = new(Name);

    /// <summary>Activities <c>open</c>, <c>generate</c>, <c>text</c>, <c>encode</c>, <c>denoise</c>, <c>decode</c>.</summary>
    public static ActivitySource Source { get; } = new(Name);

    /// <summary>Pictures finished.</summary>
    public static Counter<long> Pictures { get; } = s_meter.CreateCounter<long>("ndiff.pictures", "{picture}", "Pictures finished.");

    /// <summary>Seconds of each stage, tagged <c>stage</c>.</summary>
    public static Histogram<double> StageSeconds { get; } = s_meter.CreateHistogram<double>("ndiff.stage.duration", "s", "Time of a generation's stages.");
}
