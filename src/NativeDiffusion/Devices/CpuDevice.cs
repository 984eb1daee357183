using NativeDiffusion.Cpu;
using NativeDiffusion.Plans;

namespace NativeDiffusion.Devices;

/// <summary>The processor: SIMD code in float32, the same bytes whatever the instruction set and the number of threads.</summary>
public sealed class CpuDevice : IComputeDevice
{
    private readonly CpuWorkers _workers;
    private readonly CpuWeights _weights;
    private readonly Lock _gate = new();

    /// <summary>Starts the device's threads.</summary>
    /// <param name="threads">How many threads work, the caller's included; 0 for one a core.</param>
    public CpuDevice(int threads = 0)
    {
        _workers = new CpuWorkers(threads);
        _weights = new CpuWeights(_workers);
    }

    /// <inheritdoc/>
    public string Name => "cpu";

    /// <summary>How many threads work, the caller's included.</summary>
    public int Threads => _workers.Count;

    /// <inheritdoc/>
    public long WeightBytes => _weights.Bytes;

    /// <inheritdoc/>
    public MemoryNeed Estimate(Plan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        lock (_gate) return MemoryNeed.For(plan, _weights.Missing(plan));
    }

    /// <inheritdoc/>
    public ICompiledPlan Compile(Plan plan, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        lock (_gate)
        {
            MemoryNeed.For(plan, _weights.Missing(plan)).Require();
            CpuPlan? compiled = null;
            try
            {
                compiled = new CpuPlan(plan, _workers, _gate);
                compiled.Prepare(_weights, progress, cancellationToken);
                CpuPlan ready = compiled;
                compiled = null;
                return ready;
            }
            finally
            {
                compiled?.Dispose();
                _weights.EndLayingOut();
            }
        }
    }

    /// <summary>Gives back threads and weights. Compiled plans must not run any more.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _weights.Dispose();
            _workers.Dispose();
        }
    }
}
