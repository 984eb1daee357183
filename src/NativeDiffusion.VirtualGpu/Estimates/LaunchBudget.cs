using NativeDiffusion.VirtualGpu.Counters;
using NativeDiffusion.VirtualGpu.Devices;
using NativeDiffusion.VirtualGpu.Execution;

namespace NativeDiffusion.VirtualGpu.Estimates;

/// <summary>The counters of one launch of a kernel on the virtual GPU, for one shape.</summary>
public sealed record LaunchBudget
{
    /// <summary>The kernel's name as launched.</summary>
    public required string Entry { get; init; }

    /// <summary>The operation's sizes, as named by the kernel's author: 1024x1024x1024.</summary>
    public required string Shape { get; init; }

    /// <summary>The device whose limits the launch was configured for.</summary>
    public required string Card { get; init; }

    /// <summary>Blocks of the grid.</summary>
    public required long Blocks { get; init; }

    /// <summary>Threads of a block.</summary>
    public required int Threads { get; init; }

    /// <summary>Static and dynamic shared memory of a block, in bytes.</summary>
    public required int SharedBytes { get; init; }

    /// <summary>The counters.</summary>
    public required KernelCounters Counters { get; init; }

    /// <summary>The numbers of a launch on the virtual GPU.</summary>
    /// <param name="launch">The launch.</param>
    /// <param name="shape">The operation's sizes, as named by the kernel's author.</param>
    /// <param name="card">The device that the launch was configured for.</param>
    public static LaunchBudget Of(LaunchCounters launch, string shape, DeviceModel card)
    {
        ArgumentNullException.ThrowIfNull(launch);
        ArgumentNullException.ThrowIfNull(card);
        return new LaunchBudget
        {
            Entry = launch.Kernel,
            Shape = shape,
            Card = card.Name,
            Blocks = (long)launch.Grid.X * launch.Grid.Y * launch.Grid.Z,
            Threads = launch.Block.X * launch.Block.Y * launch.Block.Z,
            SharedBytes = launch.SharedBytes,
            Counters = KernelCounters.Of(launch),
        };
    }

    /// <summary>The work that the launch's time depends on, with the compiler output for an architecture where it is known.</summary>
    public KernelWork Work(CubinBudget? cubin)
    {
        var work = new KernelWork
        {
            Blocks = Blocks,
            Threads = Threads,
            SharedBytes = SharedBytes,
            WarpInstructions = Counters.WarpInstructions,
            TensorFlops = Counters.TensorFlops,
            SpecialInstructions = Class(InstructionClass.Special),
            SharedWavefronts = Counters.SharedWavefronts,
            Sectors = Counters.Sectors,
            UniqueBytes = Counters.UniqueBytes,
            MatrixInstructions = Class(InstructionClass.Matrix),
        };
        return cubin is null ? work : work.With(cubin.Registers, cubin.Loop);
    }

    private long Class(InstructionClass kind) => Counters.Classes.TryGetValue(kind.ToString(), out long count) ? count : 0;
}
