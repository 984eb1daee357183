using System.Diagnostics;
using System.Globalization;

namespace NativeDiffusion.Cli.Output;

/// <summary>Iterations per second and time left of one stage.</summary>
internal sealed class StepRate(string stage, int? steps, bool isShare = false)
{
    private readonly long _start = Stopwatch.GetTimestamp();

    /// <summary>The stage's name.</summary>
    public string Stage => stage;

    /// <summary>Its number of steps, or null.</summary>
    public int? Steps => steps;

    /// <summary>The time since the stage began.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_start);

    /// <summary>The stage in words: <c>sampling 5/20 · 9.8 it/s · 1.5 s left</c>.</summary>
    public string Describe(int done, string? note)
    {
        if (isShare && steps is int whole)
            return string.Create(CultureInfo.InvariantCulture, $"{stage} · {100 * done / whole} %");
        if (steps is not int count)
            return note is null ? stage : $"{stage} · {note}";
        string text = string.Create(CultureInfo.InvariantCulture, $"{stage} {done}/{count}");
        double seconds = Elapsed.TotalSeconds;
        if (done > 0 && seconds > 0)
        {
            double rate = done / seconds;
            text += string.Create(CultureInfo.InvariantCulture, $" · {Rate(rate)} · {Seconds((count - done) / rate)} left");
        }

        return note is null ? text : $"{text} · {note}";
    }

    /// <summary>Iterations per second, or seconds per iteration if that is more readable.</summary>
    public static string Rate(double perSecond) => perSecond >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{perSecond:0.0#} it/s")
        : string.Create(CultureInfo.InvariantCulture, $"{1 / perSecond:0.0#} s/it");

    /// <summary>A duration in readable units.</summary>
    public static string Seconds(double seconds) => seconds switch
    {
        < 0.9995 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1000:0} ms"),
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s"),
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{(int)seconds / 60}:{(int)seconds % 60:00} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)seconds / 3600}:{(int)seconds % 3600 / 60:00} h"),
    };
}
