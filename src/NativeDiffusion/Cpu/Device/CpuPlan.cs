using System.Collections.Immutable;
using System.Diagnostics;
using NativeDiffusion.Devices;
using NativeDiffusion.Plans;

namespace NativeDiffusion.Cpu.Device;

/// <summary>A plan on the CPU: its own memory, and one prepared call per operation.</summary>
internal sealed class CpuPlan : ICompiledPlan, IArenaTenant
{
    private readonly Plan _plan;
    private readonly CpuWorkers _workers;
    private readonly CpuWeights _weights;
    private readonly object _owner;
    private readonly DeviceArena<NativeBuffer> _arena;
    private readonly NativeBuffer _kept;
    private readonly Lock _gate;
    private readonly Action _disposed;
    private ImmutableArray<(Operation Operation, Action Call)> _prologue;
    private ImmutableArray<(Operation Operation, Action Call)> _main;
    private bool _prologueIsDue = true;

    /// <summary>Allocates the plan's own memory and adds it to the arena's tenants.</summary>
    /// <param name="plan">Lowered and placed.</param>
    /// <param name="workers">The device's threads.</param>
    /// <param name="weights">The device's weights; the plan's are packed.</param>
    /// <param name="owner">The owner of the weights.</param>
    /// <param name="arena">The device's.</param>
    /// <param name="gate">The lock held during each run on the device.</param>
    /// <param name="disposed">Invoked once, when the memory is released; the gate is held.</param>
    public CpuPlan(
        Plan plan, CpuWorkers workers, CpuWeights weights, object owner, DeviceArena<NativeBuffer> arena, Lock gate, Action disposed)
    {
        (_plan, _workers, _weights, _owner, _arena, _gate, _disposed) = (plan, workers, weights, owner, arena, gate, disposed);
        _kept = new NativeBuffer(plan.KeptBytes / sizeof(float));
        arena.Join(this);
    }

    /// <inheritdoc/>
    public long ArenaBytes => _plan.ArenaBytes;

    /// <inheritdoc/>
    public long KeptBytes => _plan.KeptBytes;

    /// <inheritdoc/>
    public DeviceInput<T> Input<T>(PlanInput<T> input)
        where T : unmanaged
    {
        if (!_plan.Graph.GraphInputs.Contains(input))
            throw new ArgumentException($"The plan's graph has no such input '{input?.Name}'; it has {string.Join(", ", Names)}.", nameof(input));
        return new CpuInput<T>(this, input);
    }

    /// <inheritdoc/>
    public DeviceOutput Output(PlanOutput output)
    {
        foreach (GraphOutput known in _plan.Graph.GraphOutputs)
            if (known.Handle == output) return new CpuOutput(this, known);
        throw new ArgumentException($"The plan's graph has no such output '{output?.Name}'.", nameof(output));
    }

    /// <inheritdoc/>
    public void Run(Action<OperationTiming>? observer, CancellationToken cancellationToken)
    {
        RefuseWithinRun(_gate);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_kept.IsClosed, this);
            NativeBuffer arena = _arena.Require();
            if (_main.IsDefault) Bind(arena);
            if (_prologueIsDue) Run(_prologue, observer, cancellationToken);
            _prologueIsDue = false;
            Run(_main, observer, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void ArenaMoved() => _prologue = _main = default;

    /// <summary>Runs work on the plan's own memory on the device's threads, while no plan runs.</summary>
    /// <param name="value">A value in the plan's own memory.</param>
    /// <param name="isStableInput">Whether it is an input that the prologue depends on, and is written.</param>
    /// <param name="body">Receives the threads and the address of the value's first element.</param>
    public unsafe void Access(PlanTensor value, bool isStableInput, KeptAccess body)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_kept.IsClosed, this);
            _prologueIsDue |= isStableInput;
            body(_workers, _kept.Pointer + _plan.PlaceOf(value).Offset / sizeof(float));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        RefuseWithinRun(_gate);
        lock (_gate)
        {
            if (_kept.IsClosed) return;
            _arena.Leave(this);
            _kept.Dispose();
            _disposed();
        }
    }

    /// <summary>Refuses what would take memory away from the run that is calling back: the gate lets its own thread pass.</summary>
    /// <param name="gate">The device's.</param>
    /// <exception cref="InvalidOperationException">The caller is an observer of a run, or receives the progress of a compilation.</exception>
    public static void RefuseWithinRun(Lock gate)
    {
        if (gate.IsHeldByCurrentThread)
            throw new InvalidOperationException(
                "The device is at work on this thread: run, release and dispose after the run or compilation, not in its callback.");
    }

    private IEnumerable<string> Names => _plan.Graph.GraphInputs.Select(input => input.Name);

    private void Bind(NativeBuffer arena)
    {
        var calls = new CpuCalls(_plan, _workers, _weights, _owner, arena, _kept);
        _prologue = [.. _plan.Prologue.Select(placed => (placed.Operation, calls.Prepare(placed.Operation)))];
        _main = [.. _plan.Main.Select(placed => (placed.Operation, calls.Prepare(placed.Operation)))];
    }

    private static void Run(
        ImmutableArray<(Operation Operation, Action Call)> calls, Action<OperationTiming>? observer, CancellationToken cancellationToken)
    {
        foreach ((Operation operation, Action call) in calls)
        {
            cancellationToken.ThrowIfCancellationRequested();
            long start = observer is null ? 0 : Stopwatch.GetTimestamp();
            call();
            observer?.Invoke(new OperationTiming(operation.Name, operation.Scope, Stopwatch.GetElapsedTime(start)));
        }
    }
}

/// <summary>Work on the plan's own memory.</summary>
/// <param name="workers">The device's threads, idle.</param>
/// <param name="first">The value's first element.</param>
internal unsafe delegate void KeptAccess(CpuWorkers workers, float* first);
