using NativeDiffusion.VirtualGpu.Devices;

namespace NativeDiffusion.VirtualGpu.Estimates;

/// <summary>
/// Time of a launch: the largest of tensor rate, issue slots, a warp's latency, shared wavefronts, special functions, sectors over the L2
/// cache's rate and distinct bytes over device memory's rate, plus the gap to the next launch.
/// <para>
/// Work inside a multiprocessor counts by waves: of B blocks on S multiprocessors the busiest one has ⌈B / S⌉, which determines the time of that
/// work. Shared resources (cache, memory) count as a whole.
/// </para>
/// <para>
/// Left out: hits in the L1 cache, memory latency that too few warps leave exposed, that few blocks cannot saturate a memory's bandwidth,
/// the narrower single-precision and integer units of some devices, clocks that fall under load, and overlap with neighbouring launches.
/// </para>
/// </summary>
public static class TimeEstimator
{
    /// <summary>Time between dependent launches of a graph, in seconds: an estimate of 1 to 2 µs on all cards.</summary>
    public const double GapSeconds = 1.5e-6;

    // The same on all devices from 7.5 to 12.0 (CUDA C++ Programming Guide, arithmetic instructions): four schedulers that issue an instruction a
    // cycle each, 16 special functions a cycle, 32 banks of 4 bytes.
    private const int Schedulers = 4;
    private const int SpecialLanes = 16;
    private const int WarpLanes = 32;
    private const int SectorBytes = 32;

    /// <summary>Estimates a launch on a device.</summary>
    /// <exception cref="ArgumentException">The device cannot hold a block of the kernel: registers, shared memory or threads.</exception>
    public static TimeEstimate Estimate(KernelWork work, DeviceModel card)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(card);
        int resident = work.BlocksPerMultiprocessor(card);
        if (resident == 0)
            throw new ArgumentException(
                $"{card.Name} cannot hold a block of {work.Threads} threads with {work.SharedBytes} bytes of shared memory and {work.Registers} "
                    + $"registers per thread.",
                nameof(work));
        long busiest = (work.Blocks + card.Multiprocessors - 1) / card.Multiprocessors;
        int waves = (int)((busiest + resident - 1) / resident);
        // The total work if every multiprocessor had as much as the busiest one.
        double unevenness = work.Blocks == 0 ? 0 : (double)busiest * card.Multiprocessors / work.Blocks;
        double cycles = card.Multiprocessors * card.ClockGHz * 1e9;
        long instructions = work.MachineInstructions > 0 ? work.MachineInstructions : work.WarpInstructions;

        double[] resources = new double[(int)TimeBound.Memory + 1];
        resources[(int)TimeBound.Tensor] = unevenness * work.TensorFlops / (card.TensorTeraflops * 1e12 * card.MatrixShare * work.TensorRate);
        resources[(int)TimeBound.Issue] = unevenness * instructions / (Schedulers * cycles);
        resources[(int)TimeBound.Stalls] = waves * work.WarpCycles / (card.ClockGHz * 1e9);
        resources[(int)TimeBound.Shared] = unevenness * work.SharedWavefronts / cycles;
        resources[(int)TimeBound.Special] = unevenness * work.SpecialInstructions * WarpLanes / (SpecialLanes * cycles);
        resources[(int)TimeBound.Cache] = (double)work.Sectors * SectorBytes / (card.CacheTerabytes * 1e12);
        resources[(int)TimeBound.Memory] = work.UniqueBytes / (card.MemoryTerabytes * 1e12);
        var bound = (TimeBound)Array.IndexOf(resources, resources.Max());
        return new TimeEstimate(card.Name, resources[(int)bound] + GapSeconds, bound, resources, GapSeconds, waves, resident);
    }
}
