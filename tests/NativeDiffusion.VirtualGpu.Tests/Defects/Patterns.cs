using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Execution;

namespace NativeDiffusion.VirtualGpu.Tests.Defects;

/// <summary>The kernels of Sources/patterns.cu.</summary>
internal static class Patterns
{
    public static IReadOnlyList<Pattern> All { get; } =
    [
        new("producer_and_consumers", FindingKind.SharedRace, 1, Row(128), i =>
            Sum(8, k => X((32 * k) + ((i % 32) + 1 + (i / 32)) % 32))) { Count = 96, Also = FindingKind.UninitializedShared },
        new("two_groups", FindingKind.SharedRace, 1, Row(128), _ => Sum(128, X)) { Count = 128, Also = FindingKind.UninitializedShared },
        new("copy_ring", FindingKind.MissingAsyncCopyWait, 1, Row(64), i =>
            Sum(12, k => Sum(4, j => X((256 * k) + ((i + (64 * j) + 1) % 256))))) { Also = FindingKind.SharedRace },
        new("double_buffer", FindingKind.SharedRace, 1, Row(128), i =>
            Sum(8, k => X((128 * k) + ((i + 32) % 128)))) { Count = 128, Also = FindingKind.MissingAsyncCopyWait },
        new("matrix_over_copies", FindingKind.MissingWarpSync, 1, Row(32), MatrixWord) { Count = 128, Also = FindingKind.MissingAsyncCopyWait },
        new("block_sum", FindingKind.SharedRace, 1, Row(256), _ => Sum(4096, X)) { Count = 1, Also = FindingKind.UninitializedShared },
        new("last_block_done", FindingKind.MissingFence, 8, Row(64), i => i == 0 ? Sum(512, X) : Sum(32, k => X((32 * (i - 1)) + k))) { Count = 17 },
        new("histogram", FindingKind.GlobalRace, 4, Row(128), i =>
            Enumerable.Range(0, 4096).Count(k => X(k) == i)) { Count = 8, IsInZ = true, Also = FindingKind.MissingFence },
        new("early_return", FindingKind.DivergentBarrier, 1, Row(96), i => X(47 - i)) { Count = 48 },
        new("spin_lock", FindingKind.MissingFence, 8, Row(64), i => i == 0 ? 0 : 28) { Count = 2, IsInZ = true },
        new("flag_and_data", FindingKind.MissingFence, 3, Row(64), i =>
            i < 64 ? 2 * X(i) : (2 * X(63 - (i % 64))) + 1) { Count = 192, Also = FindingKind.UninitializedGlobal },
        new("chain", FindingKind.MissingFence, 8, Row(32), i => Sum(16 * (i + 1), X)) { Count = 8, Also = FindingKind.UninitializedGlobal },
        new("grid_barrier", FindingKind.MissingFence, 4, Row(32), i => X((i + 32) % 128)) { Count = 128, Also = FindingKind.UninitializedGlobal },
        new("phases", FindingKind.SharedRace, 1, Row(128), i => X(127 - ((i + 64) % 128)) + 1) { Count = 128, DynamicShared = 512 },
        new("transpose", FindingKind.SharedRace, 1, new Dimensions(32, 8, 1), i =>
            X((1024 * (i / 1024)) + (32 * (i % 32)) + (i % 1024 / 32))) { Count = 2048, Also = FindingKind.MissingWarpSync },
        new("work_queue", FindingKind.SharedRace, 3, Row(64), i => X(i) + (i / 64)) { Count = 1024, Also = FindingKind.MissingWarpSync },
        new("warp_scan", FindingKind.MissingWarpSync, 1, Row(64), i => Sum((i % 32) + 1, k => X((i / 32 * 32) + k))),
        new("half_warps", FindingKind.MissingWarpSync, 1, Row(64), i => Sum(16, k => (k + 1) * X((i / 16 * 16) + k))),
        new("shared_flag", FindingKind.SharedRace, 1, Row(64), i => X(31 - i)) { Count = 32 },
        new("in_place", FindingKind.NonCoherentLoad, 1, Row(64), i => i < 64 ? X(i) : X(i - 64) + 1) { Count = 128 },
    ];

    /// <summary>The value at an index of x.</summary>
    public static float X(int index) => (index * 5) % 7;

    /// <summary>A one-dimensional block.</summary>
    public static Dimensions Row(uint threads) => new(threads, 1, 1);

    /// <summary>The sum over the numbers below a count.</summary>
    public static float Sum(int count, Func<int, float> value) => Enumerable.Range(0, count).Sum(value);

    /// <summary>Lane t's matrix m: row t/4 of rows 8 (m % 2), halves 2 (t % 4) of the columns 8 (m / 2); two halves are a float of x.</summary>
    private static float MatrixWord(int index)
    {
        int lane = index / 4, matrix = index % 4, row = (lane / 4) + (8 * (matrix % 2)), column = (lane % 4) + (4 * (matrix / 2));
        return X((8 * row) + column);
    }
}
