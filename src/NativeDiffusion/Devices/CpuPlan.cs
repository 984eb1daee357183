using System.Diagnostics;
using NativeDiffusion.Cpu;
using NativeDiffusion.Plans;
using NativeDiffusion.Plans.Operations;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Devices;

/// <summary>A plan on the processor: its arena, its inputs and outputs, and one prepared call an operation.</summary>
internal sealed class CpuPlan : ICompiledPlan
{
    private readonly Plan _plan;
    private readonly CpuWorkers _workers;
    private readonly Lock _gate;
    private readonly NativeBuffer _arena;
    private readonly Dictionary<string, (UploadOperation Upload, float[] Values)> _inputs = [];
    private readonly Dictionary<string, Tensor> _outputs = [];
    private (Operation Operation, Action Call)[] _prologue = [];
    private (Operation Operation, Action Call)[] _main = [];
    private bool _prologueIsDue = true;

    public CpuPlan(Plan plan, CpuWorkers workers, Lock gate)
    {
        _plan = plan;
        _workers = workers;
        _gate = gate;
        _arena = new NativeBuffer(plan.ArenaLength);
        foreach (UploadOperation upload in plan.Prologue.Concat(plan.Operations).OfType<UploadOperation>())
            _inputs.Add(upload.Name, (upload, new float[upload.Output.Shape.Count]));
        foreach (DownloadOperation download in plan.Operations.OfType<DownloadOperation>())
            _outputs.Add(download.Name, new Tensor(HostShape(download.Source.Shape)));
    }

    public long ArenaBytes => _arena.Count * sizeof(float);

    /// <summary>Lays out the weights and prepares a call for each operation.</summary>
    public void Prepare(CpuWeights weights, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var calls = new CpuCalls(_plan, _workers, weights, _arena, name => _inputs[name].Values, name => _outputs[name].Data);
        int total = _plan.Prologue.Count + _plan.Operations.Count, done = 0;
        (Operation, Action)[] Prepare(IReadOnlyList<Operation> operations) => [.. operations.Select(operation =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            Action call = calls.Prepare(operation);
            progress?.Report((double)++done / total);
            return (operation, call);
        })];
        _prologue = Prepare(_plan.Prologue);
        _main = Prepare(_plan.Operations);
    }

    public void Set(string name, ReadOnlySpan<float> values)
    {
        UploadOperation upload = Input(name, values.Length, isTokens: false);
        values.CopyTo(_inputs[name].Values);
        _prologueIsDue |= upload.Stable;
    }

    public void SetTokens(string name, ReadOnlySpan<int> tokens)
    {
        UploadOperation upload = Input(name, tokens.Length, isTokens: true);
        // Token numbers travel as the bits of floats: the arena is one kind of memory.
        System.Runtime.InteropServices.MemoryMarshal.Cast<int, float>(tokens).CopyTo(_inputs[name].Values);
        _prologueIsDue |= upload.Stable;
    }

    public void Run(Action<Operation, TimeSpan>? observer, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_arena.IsClosed, this);
            if (_prologueIsDue) Run(_prologue, observer, cancellationToken);
            _prologueIsDue = false;
            Run(_main, observer, cancellationToken);
        }
    }

    public Tensor Get(string name) => _outputs.TryGetValue(name, out Tensor? output)
        ? output
        : throw new ArgumentException($"The plan has no output '{name}'; it has {string.Join(", ", _outputs.Keys)}.", nameof(name));

    public void Dispose() => _arena.Dispose();

    private static void Run((Operation Operation, Action Call)[] calls, Action<Operation, TimeSpan>? observer, CancellationToken cancellationToken)
    {
        foreach ((Operation operation, Action call) in calls)
        {
            cancellationToken.ThrowIfCancellationRequested();
            long start = observer is null ? 0 : Stopwatch.GetTimestamp();
            call();
            observer?.Invoke(operation, Stopwatch.GetElapsedTime(start));
        }
    }

    private static TensorShape HostShape(TensorShape shape) =>
        shape.Rank == 4 ? new TensorShape(shape[0], shape[3], shape[1], shape[2]) : shape;

    private UploadOperation Input(string name, int length, bool isTokens)
    {
        if (!_inputs.TryGetValue(name, out (UploadOperation Upload, float[] Values) input) || input.Upload.IsTokens != isTokens)
            throw new ArgumentException($"The plan has no input '{name}' of this kind; it has {string.Join(", ", _inputs.Keys)}.", nameof(name));
        if (input.Values.Length != length)
            throw new ArgumentException(
                $"Input '{name}' has shape {HostShape(input.Upload.Output.Shape)} and {input.Values.Length} numbers, but {length} were given.", nameof(name));
        return input.Upload;
    }
}
