namespace NativeDiffusion.Cli.Output;

/// <summary>Progress as plain lines: one when a stage begins, then one every few seconds, so that a log stays short.</summary>
internal sealed class PlainProgressView(TextWriter writer) : IProgressView
{
    private const double SecondsBetweenLines = 5;
    private readonly Lock _lock = new();
    private StepRate _rate = new("", null);
    private double _last;

    /// <inheritdoc/>
    public void Stage(string name, int? steps = null, bool isShare = false)
    {
        lock (_lock)
        {
            _rate = new StepRate(name, steps, isShare);
            _last = 0;
            writer.WriteLine(steps is int count && !isShare ? $"{name}: {count} steps" : name);
        }
    }

    /// <inheritdoc/>
    public void Step(int done, string? note = null)
    {
        lock (_lock)
        {
            double now = _rate.Elapsed.TotalSeconds;
            if (now - _last < SecondsBetweenLines)
                return;
            _last = now;
            writer.WriteLine(_rate.Describe(done, note));
        }
    }
}
