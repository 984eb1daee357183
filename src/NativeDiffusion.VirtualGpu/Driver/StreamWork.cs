namespace NativeDiffusion.VirtualGpu.Driver;

/// <summary>
/// Something that a stream shall do: it runs only when somebody waits for it, and then after all that it depends on. So everything happens as
/// late as streams allow.
/// </summary>
internal sealed class StreamWork(string name, Action? action, IEnumerable<StreamWork?> after)
{
    private readonly List<StreamWork> _after = [.. after.Where(work => work is { IsDone: false }).Select(work => work!)];
    private static long s_numbers;
    private Action? _action = action;

    public string Name => name;

    /// <summary>Greater than that of any work before.</summary>
    public long Number { get; } = Interlocked.Increment(ref s_numbers);

    public bool IsDone { get; private set; }

    /// <summary>The kernel launch in it, for the one that may overlap with it.</summary>
    public LaunchedKernel? Kernel { get; init; }

    /// <summary>When it was done, in ticks of the host's clock.</summary>
    public long DoneAt { get; private set; }

    /// <summary>Runs it and all that it depends on; chains may be long, so there is no recursion.</summary>
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
