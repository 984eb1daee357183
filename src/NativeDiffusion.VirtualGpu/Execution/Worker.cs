using System.Runtime.InteropServices;

namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>The state that one host thread needs to run blocks of a launch: counters, cached patterns, frames, address buffers.</summary>
internal sealed unsafe class Worker : IDisposable
{
    private readonly Dictionary<Program, ProgramTally> _tallies = [];
    private readonly Dictionary<Program, Stack<Frame>> _frames = [];
    private readonly List<Frame> _allFrames = [];
    private readonly Dictionary<Program, MemorySite?[]> _sites = [];
    private Program? _lastProgram;
    private MemorySite?[] _lastSites = [];

    public Worker(KernelLaunch launch, int index)
    {
        Launch = launch;
        // The same order for the same seed, in every process: not so with HashCode.
        Random = new Random(unchecked((launch.Options.Seed * 7919) + index));
        Addresses = (ulong*)NativeMemory.AlignedAlloc(32 * sizeof(ulong), 64);
        Unique = new UniqueBytes(launch.GlobalGrain);
    }

    public KernelLaunch Launch { get; }

    public Random Random { get; }

    public MemoryTally Memory { get; } = new();

    public UniqueBytes Unique { get; }

    /// <summary>A buffer for the addresses of a warp's lanes.</summary>
    public ulong* Addresses { get; private set; }

    public IEnumerable<ProgramTally> Tallies => _tallies.Values;

    public ProgramTally Tally(Program program)
    {
        if (!_tallies.TryGetValue(program, out ProgramTally? tally)) _tallies.Add(program, tally = new ProgramTally(program));
        return tally;
    }

    /// <summary>The state of a memory instruction.</summary>
    public MemorySite Site(Program program, int site)
    {
        if (program != _lastProgram)
        {
            if (!_sites.TryGetValue(program, out MemorySite?[]? sites)) _sites.Add(program, sites = new MemorySite?[program.Sites]);
            (_lastProgram, _lastSites) = (program, sites);
        }
        return _lastSites[site] ??= new MemorySite();
    }

    public Frame RentFrame(Program program)
    {
        if (_frames.TryGetValue(program, out Stack<Frame>? free) && free.TryPop(out Frame? frame)) return frame;
        frame = new Frame(program, Tally(program));
        _allFrames.Add(frame);
        return frame;
    }

    public void ReturnFrame(Frame frame)
    {
        if (!_frames.TryGetValue(frame.Program, out Stack<Frame>? free)) _frames.Add(frame.Program, free = new Stack<Frame>());
        frame.Caller = null;
        frame.PreparedFor = null;
        free.Push(frame);
    }

    public void Dispose()
    {
        foreach (Frame frame in _allFrames) frame.Release();
        foreach (MemorySite?[] sites in _sites.Values)
            foreach (MemorySite? site in sites) site?.Dispose();
        NativeMemory.AlignedFree(Addresses);
        Addresses = null;
        Unique.Dispose();
    }
}
