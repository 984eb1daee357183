using NativeDiffusion.VirtualGpu.Devices;

namespace NativeDiffusion.VirtualGpu.Estimates;

/// <summary>
/// Time of a launch: the largest of tensor rate, issue slots, a warp's pace, shared wavefronts, special functions, sectors over the second-level
/// cache's rate and unique bytes over device memory's rate, plus the gap to the next launch.
/// <para>
/// Work inside a multiprocessor counts by waves: of B blocks on S multiprocessors the busiest one has ⌈B / S⌉, and takes that share of the
/// work; the others wait for it. What all share (cache, memory) counts as a whole.
/// </para>
/// <para>
/// Left out: hits in the first-level cache, waits for memory that too few warps leave open, that few blocks cannot draw a memory's full rate,
/// the narrower single-precision and integer units of some cards, clocks that fall under load, and what overlaps with neighbours.
/// </para>
/// </summary>
public static class TimeEstimator
{
    /// <summary>Time between dependent launches of a graph, in seconds: an estimate of 1 to 2 µs on all cards.</summary>
    public const double GapSeconds = 1.5e-6;

    // The same on all cards from 7.5 to 12.0 (CUDA C++ Programming Guide, arithmetic instructions): four schedulers that issue an instruction a
    // cycle each, 16 special functions a cycle, 32 banks of 4 bytes.
    private const int Schedulers = 4;
    private const int SpecialLanes = 16;
    private const int WarpLanes = 32;
    private const int SectorBytes = 32;

    /// <summary>Estimates a launch on a card.</summary>
    /// <exception cref="ArgumentException">The card cannot hold a block of the kernel: registers, shared memory or threads.</exception>
    public static TimeEstimate Estimate(KernelWork work, DeviceModel card)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(card);
        int resident = work.BlocksPerMultiprocessor(card);
        if (resident == 0)
            throw new ArgumentException(
                $"{card.Name} holds no block of {work.Threads} threads with {work.SharedBytes} bytes of shared memory and {work.Registers} registers a thread.",
                nameof(work));
        long busiest = (work.Blocks + card.Multiprocessors - 1) / card.Multiprocessors;
        int waves = (int)((busiest + resident - 1) / resident);
        // What a card whose multiprocessors all did as much as the busiest one would have to do.
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
