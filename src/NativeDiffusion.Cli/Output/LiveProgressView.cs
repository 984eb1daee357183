using Spectre.Console;

namespace NativeDiffusion.Cli.Output;

/// <summary>Progress drawn in place: one bar for the current stage.</summary>
internal sealed class LiveProgressView(ProgressContext context) : IProgressView
{
    private readonly Lock _lock = new();
    private ProgressTask? _task;
    private StepRate _rate = new("", null);

    /// <inheritdoc/>
    public void Stage(string name, int? steps = null, bool isShare = false)
    {
        lock (_lock)
        {
            _task ??= context.AddTask(Markup.Escape(name));
            _rate = new StepRate(name, steps, isShare);
            _task.MaxValue = steps ?? 1;
            _task.Value = 0;
            _task.IsIndeterminate = steps is null;
            _task.Description = Markup.Escape(_rate.Describe(0, null));
        }
    }

    /// <inheritdoc/>
    public void Step(int done, string? note = null)
    {
        lock (_lock)
        {
            if (_task is null)
                return;
            // A task at its maximum counts as finished for good; the next stage reuses it.
            _task.Value = Math.Min(done, (_rate.Steps ?? 1) - 0.001);
            _task.Description = Markup.Escape(_rate.Describe(done, note));
        }
    }
}
