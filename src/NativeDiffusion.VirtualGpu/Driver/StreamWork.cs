namespace NativeDiffusion.VirtualGpu.Driver;

/// <summary>
/// Work enqueued in a stream: it executes only when the host waits for it, after its dependencies. So everything executes as
/// late as stream order allows.
/// </summary>
internal sealed class StreamWork(string name, Action? action, IEnumerable<StreamWork?> after)
{
    private readonly List<StreamWork> _after = [.. after.Where(work => work is { IsDone: false }).Select(work => work!)];
    private Action? _action = action;

    public string Name => name;

    public bool IsDone { get; private set; }

    /// <summary>The kernel launch in it, for a launch that may overlap with it.</summary>
    public LaunchedKernel? Kernel { get; init; }

    /// <summary>The time of completion, in ticks of the host's clock.</summary>
    public long DoneAt { get; private set; }

    /// <summary>Executes it and its dependencies; chains may be long, so there is no recursion.</summary>
    public void Run()
    {
        var open = new Stack<StreamWork>([this]);
        while (open.TryPeek(out StreamWork? work))
        {
            if (work.IsDone)
            {
                open.Pop();
                continue;
            }
            int before = open.Count;
            foreach (StreamWork earlier in work._after)
                if (!earlier.IsDone) open.Push(earlier);
            if (open.Count > before) continue;
            open.Pop();
            work.IsDone = true;
            work._action?.Invoke();
            work._action = null;
            work._after.Clear();
            work.DoneAt = System.Diagnostics.Stopwatch.GetTimestamp();
        }
    }
}
