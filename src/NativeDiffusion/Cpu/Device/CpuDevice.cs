using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using NativeDiffusion.Devices;
using NativeDiffusion.Plans;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Cpu.Device;

/// <summary>The CPU: SIMD code in float32, with the same bytes for every instruction set and number of threads.</summary>
internal sealed class CpuDevice : IComputeDevice, IPlacementRules
{
    // A batch reads the weights once; beyond this many latent pixels the activations cost more than that saves.
    private const int LatentPixelsPerBatch = 2 * 128 * 128;
    private const int PlansKept = 12;

    private readonly CpuWorkers _workers;
    private readonly CpuWeights _weights;
    private readonly DeviceArena<NativeBuffer> _arena = new(bytes => new NativeBuffer(bytes / sizeof(float)));
    private readonly DeviceCapabilities _capabilities;
    private readonly ConditionalWeakTable<Graph, Plan> _lowered = [];
    private readonly Lock _gate = new();
    private long _keptBytes;

    /// <summary>Starts the device's threads.</summary>
    /// <param name="threads">Number of threads, including the caller's; 0 for one per core.</param>
    /// <param name="capabilities">The fusions to use; by default all supported ones.</param>
    public CpuDevice(int threads = 0, DeviceCapabilities? capabilities = null)
    {
        _workers = new CpuWorkers(threads);
        _weights = new CpuWeights(_workers);
        _capabilities = capabilities ?? Capabilities;
        Plans = new PlanCache(this, PlansKept);
    }

    /// <summary>The fusions that the CPU's operations support.</summary>
    public static DeviceCapabilities Capabilities { get; } = new()
    {
        EpilogueActivations = [Activation.Silu, Activation.QuickGelu, Activation.Gelu, Activation.GeGlu],
        EpilogueImageBias = true,
        EpilogueResidual = true,
        SegmentsPerProduct = int.MaxValue,
        MixedWindows = true,
        SlicedRows = true,
        VirtualUpsampling = true,
        TwoSourceNorms = true,
        // A norm's own pass over the picture hits the cache; sums in a product's epilogue would cost its inner loop more.
        ProductStatistics = false,
    };

    /// <inheritdoc/>
    public string Name => "cpu";

    /// <summary>Number of threads, including the caller's.</summary>
    public int Threads => _workers.Count;

    /// <inheritdoc/>
    public DeviceMemory Memory
    {
        get
        {
            GCMemoryInfo memory = GC.GetGCMemoryInfo();
            long free = Math.Max(0, memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes);
            lock (_gate) return new DeviceMemory(memory.TotalAvailableMemoryBytes, free, _weights.Bytes, _arena.Bytes + _keptBytes);
        }
    }

    /// <inheritdoc/>
    public PlanCache Plans { get; }

    /// <inheritdoc/>
    public int Alignment => NativeBuffer.Alignment;

    /// <inheritdoc/>
    public DType TypeOf(PlanTensor value) => value.Role == ValueRole.Tokens ? DType.Int32 : DType.Float32;

    /// <summary>None: an operation's scratch memory belongs to the threads.</summary>
    public long WorkspaceBytes(Operation operation) => 0;

    /// <inheritdoc/>
    public MemoryNeed Estimate(Graph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        lock (_gate) return Need(Lower(graph));
    }

    /// <inheritdoc/>
    public ICompiledPlan Compile(Graph graph, object? owner = null, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Plan plan = Lower(graph);
        lock (_gate)
        {
            Need(plan).Require(Name, Memory.Free);
            try
            {
                LayOut(plan, owner ?? this, progress, cancellationToken);
            }
            finally
            {
                _weights.EndLayingOut();
            }

            var compiled = new CpuPlan(plan, _workers, _weights, owner ?? this, _arena, _gate, () => _keptBytes -= plan.KeptBytes);
            _keptBytes += plan.KeptBytes;
            return compiled;
        }
    }

    /// <inheritdoc/>
    public void Release(object owner)
    {
        CpuPlan.RefuseWithinRun(_gate);
        Plans.Release(owner);
        lock (_gate) _weights.Release(owner);
    }

    /// <inheritdoc/>
    public int RowsPerBatch(int height, int width) => Math.Max(1, LatentPixelsPerBatch / (height * width));

    /// <summary>One: the VAE is the peak of memory.</summary>
    public int PicturesPerSlice(int height, int width) => 1;

    /// <inheritdoc/>
    public ISamplingRun BeginSampling(SamplingRequest request) => new CpuSamplingRun(this, request);

    /// <summary>Releases threads, weights and memory. Compiled plans must not run afterwards.</summary>
    public void Dispose()
    {
        CpuPlan.RefuseWithinRun(_gate);
        Plans.Dispose();
        lock (_gate)
        {
            _arena.Dispose();
            _weights.Dispose();
            _workers.Dispose();
        }
    }

    // A graph that is estimated and then compiled is lowered once.
    private Plan Lower(Graph graph) => _lowered.GetValue(graph, recorded => Plan.Place(Lowering.Lower(recorded, _capabilities), this));

    private MemoryNeed Need(Plan plan) => new(
        _weights.Missing(plan.Operations.SelectMany(placed => CpuLayouts.Of(placed.Operation))),
        Math.Max(0, plan.ArenaBytes - _arena.Bytes),
        plan.KeptBytes);

    private void LayOut(Plan plan, object owner, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        ImmutableArray<PlacedOperation> operations = [.. plan.Operations];
        for (int i = 0; i < operations.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (Weights.WeightLayout layout in CpuLayouts.Of(operations[i].Operation)) _weights.LayOut(layout, owner);
            progress?.Report((double)(i + 1) / operations.Length);
        }
    }
}
