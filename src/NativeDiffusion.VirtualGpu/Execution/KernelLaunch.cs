using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Devices;
using NativeDiffusion.VirtualGpu.Memory;

namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>One launch of a kernel: its arguments, and its execution over all blocks of the grid.</summary>
internal sealed class KernelLaunch
{
    /// <summary>The start of local memory in its space, so that its first address is not null.</summary>
    public const int LocalStart = 256;

    private long _nextBlock;
    private int _isAborted;

    public required KernelImage Image { get; init; }

    public required DeviceModel Device { get; init; }

    public int DeviceOrdinal { get; init; }

    /// <summary>Peer devices whose memory may be accessed.</summary>
    public IReadOnlySet<int> Peers { get; init; } = new HashSet<int>();

    public required AddressSpace Space { get; init; }

    public required Dimensions GridSize { get; init; }

    public required Dimensions BlockSize { get; init; }

    public required ExecutionOptions Options { get; init; }

    /// <summary>Bytes of all parameters, as they lie in the kernel's parameter space.</summary>
    public required byte[] Parameters { get; init; }

    public int DynamicSharedBytes { get; init; }

    /// <summary>Bytes of the stack for recursive calls.</summary>
    public int StackBytes { get; init; } = 1024;

    /// <summary>The unique number of the launch; never zero.</summary>
    public required uint Id { get; init; }

    /// <summary>Writes of preceding launches that are not visible before griddepcontrol.wait; null if there are none.</summary>
    public PendingWrites? Pending { get; init; }

    public FindingList Findings { get; init; } = new(64);

    public Program Program => Image.Entry;

    public int SharedGrain => Image.SharedGrain;

    public int GlobalGrain => Image.GlobalGrain;

    /// <summary>Static and dynamic shared memory, in bytes.</summary>
    public int SharedBytes => Image.StaticSharedBytes + DynamicSharedBytes;

    /// <summary>The end of shared memory.</summary>
    public int SharedEnd => DynamicSharedBytes > 0 ? Image.DynamicStart + DynamicSharedBytes : KernelImage.SharedStart + Image.StaticSharedBytes;

    /// <summary>The end of local memory.</summary>
    public int LocalLimit => (LocalStart + Image.LocalBytes + StackBytes + 15) & ~15;

    public SyncVariables Flags { get; } = new();

    /// <summary>True if blocks may wait for each other, so that several are interleaved on one worker.</summary>
    public bool MayYield => GridSize.Count > 1;

    /// <summary>True once some thread has executed griddepcontrol.wait.</summary>
    public bool HasWaited { get; set; }

    public bool IsAborted => Volatile.Read(ref _isAborted) != 0;

    /// <summary>Aborts the launch after a finding that makes further execution meaningless.</summary>
    public void Abort() => Volatile.Write(ref _isAborted, 1);

    /// <summary>True if the device may access the memory: its own, pinned host memory, or that of a peer.</summary>
    public bool CanReach(Allocation allocation) => allocation.Device < 0 || allocation.Device == DeviceOrdinal || Peers.Contains(allocation.Device);

    /// <summary>The access records of an allocation during this launch.</summary>
    public GlobalShadow ShadowOf(Allocation allocation)
    {
        if (allocation.Shadow is { } shadow && shadow.Grain == GlobalGrain) return shadow;
        lock (allocation)
        {
            if (allocation.Shadow is not { } present || present.Grain != GlobalGrain)
            {
                // Blocks of an aborted launch are discarded; no other thread of this launch uses them.
                allocation.Shadow?.Dispose();
                allocation.Shadow = new GlobalShadow(allocation.Size, GlobalGrain);
            }
            return allocation.Shadow;
        }
    }

    /// <summary>Reports a warp that exceeds the execution limit.</summary>
    public void Hang(Warp warp, CodeBlock code)
    {
        if ((code.Operations.Length > 0 ? code.Operations[0].Source : code.Last) is { } place)
            warp.Report(FindingKind.Hang, place, warp.Live, $"exceeded the limit of {warp.Clock} basic blocks: endless loop or lost flag");
        Abort();
    }

    /// <summary>Runs all blocks and adds up the counters.</summary>
    public LaunchTally Run()
    {
        if (Options.IsCompiled) CodeLibrary.Compile(Image.Programs);
        int count = Options.Workers > 0 ? Options.Workers : Environment.ProcessorCount;
        count = (int)Math.Min((ulong)count, GridSize.Count);
        var workers = new Worker[count];
        for (int i = 0; i < count; i++) workers[i] = new Worker(this, i);
        try
        {
            if (count == 1) Work(workers[0]);
            else Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = count }, i => Work(workers[i]));
            return LaunchTally.Of(workers);
        }
        finally
        {
            foreach (Worker worker in workers) worker.Dispose();
        }
    }

    /// <summary>Runs blocks one after the other; a block that seems to wait for others lets the next ones begin.</summary>
    private void Work(Worker worker)
    {
        var resident = new LinkedList<ThreadBlock>();
        var idle = new Stack<ThreadBlock>();
        try
        {
            LinkedListNode<ThreadBlock>? current = null;
            while (!IsAborted)
            {
                current ??= Begin(worker, resident, idle);
                if (current is null)
                {
                    if (resident.First is null) return;
                    current = resident.First;
                }
                if (current.Value.Run())
                {
                    resident.Remove(current);
                    idle.Push(current.Value);
                    current = null;
                    continue;
                }
                // It waits: another block begins, or the next suspended one continues.
                LinkedListNode<ThreadBlock>? next = resident.Count < ResidentLimit ? Begin(worker, resident, idle) : null;
                current = next ?? current.Next ?? resident.First;
            }
        }
        finally
        {
            foreach (ThreadBlock block in resident) block.Dispose();
            foreach (ThreadBlock block in idle) block.Dispose();
        }
    }

    /// <summary>Resident blocks of a worker: its share of the device's occupancy.</summary>
    private int ResidentLimit
    {
        get
        {
            int perMultiprocessor = Occupancy.Blocks(Device, (int)BlockSize.Count, SharedBytes, 0);
            int workers = Options.Workers > 0 ? Options.Workers : Environment.ProcessorCount;
            return Math.Max(1, Math.Max(1, perMultiprocessor) * Device.Multiprocessors / workers);
        }
    }

    private LinkedListNode<ThreadBlock>? Begin(Worker worker, LinkedList<ThreadBlock> resident, Stack<ThreadBlock> idle)
    {
        if (resident.Count >= ResidentLimit) return null;
        ulong number = (ulong)Interlocked.Increment(ref _nextBlock) - 1;
        if (number >= GridSize.Count) return null;
        ThreadBlock block = idle.TryPop(out ThreadBlock? old) ? old : new ThreadBlock(worker);
        block.Start(number);
        return resident.AddLast(block);
    }
}
