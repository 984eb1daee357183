using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Execution;
using static NativeDiffusion.VirtualGpu.Tests.Defects.Patterns;

namespace NativeDiffusion.VirtualGpu.Tests.Defects;

/// <summary>The kernels of Sources/programs.cu.</summary>
internal static class Programs
{
    public static IReadOnlyList<Pattern> All { get; } =
    [
        new("look_back", FindingKind.MissingFence, 40, Row(64), i => Sum(i + 1, X)) { Count = 2560, Also = FindingKind.UninitializedGlobal },
        new("packed_look_back", FindingKind.GlobalRace, 12, Row(32), i => Sum(16 * (i + 1), X)) { Count = 12, Also = FindingKind.MissingFence },
        new("flash_attention", FindingKind.MissingAsyncCopyWait, 1, Row(64), Attention) { Count = 144, Also = FindingKind.SharedRace },
        new("split_k_semaphore", FindingKind.MissingFence, 8, Row(64), i =>
            Sum(64, k => X((64 * (i % 64 / 8)) + k) * X(1024 + (128 * (i / 64)) + (64 * (i % 8)) + k))) { Count = 128, Also = FindingKind.UninitializedGlobal },
        new("acquiring_counter", FindingKind.MissingFence, 6, Row(32), i =>
            i == 0 ? Sum(192, X) : X(i - 1)) { Count = 193, Also = FindingKind.UninitializedGlobal },
        new("growing_queue", FindingKind.MissingFence, 5, Row(64), QueueItem) { Count = 2048, Also = FindingKind.UninitializedGlobal },
        new("implicit_convolution", FindingKind.OutOfBounds, 1, Row(256), Convolution) { Count = 256 },
        new("byte_products", FindingKind.MissingWarpSync, 1, Row(32), i =>
            Sum(32, k => X((32 * (i / 8)) + k) * X(1000 + (32 * (i % 8)) + k))) { Count = 128, Also = FindingKind.UninitializedShared },
        new("float_products", FindingKind.DivergentWarp, 1, Row(32), i => Sum(16, k => X((16 * (i / 8)) + k) * X(500 + (16 * (i % 8)) + k))) { Count = 128 },
        new("aggregated_atomics", FindingKind.BadMemberMask, 1, Row(64), KeyCount) { Count = 7, IsInZ = true, Also = FindingKind.DivergentWarp },
        new("tiles_of_eight", FindingKind.InactiveLane, 1, Row(64), i =>
            ((i % 8) + 1) * Sum((i / 8) + 1, turn => Sum(8, k => X((64 * turn) + (8 * (i / 8)) + k)))) { Also = FindingKind.BadMemberMask },
        new("shared_lock", FindingKind.SharedRace, 1, Row(64), _ => Sum(8, X)) { Count = 1, Also = FindingKind.UninitializedShared },
        new("shared_relay", FindingKind.SharedRace, 1, Row(96), i => X(31 - i)) { Count = 32 },
        new("radix_sort", FindingKind.SharedRace, 1, Row(64), i =>
            Enumerable.Range(0, 64).Select(k => (X(k) * 64) + 63 - k).Order().ElementAt(i)) { Also = FindingKind.MissingWarpSync },
        new("global_exchange", FindingKind.OutOfBounds, 4, Row(128), i =>
            X((128 * (i / 256)) + (((i % 128) + (i % 256 < 128 ? 4 : 3)) % 128)) + (i % 256 < 128 ? 4 : 3)) { Count = 1024 },
    ];

    /// <summary>Rows of unnormalised sums, then the rows' weights.</summary>
    private static float Attention(int i)
    {
        int row = i < 128 ? i / 8 : i - 128;
        int[] scores = [.. Enumerable.Range(0, 64).Select(key => Enumerable.Range(0, 8).Sum(d => (int)X((8 * row) + d) & (int)X(512 + (8 * key) + d) & 1))];
        return (float)Enumerable.Range(0, 64).Sum(key => Math.Pow(2, scores[key] - scores.Max()) * (i < 128 ? X(1024 + (8 * key) + (i % 8)) : 1));
    }

    /// <summary>Row m is item m's sum, plus the column; the first row holds the sums.</summary>
    private static float QueueItem(int i)
    {
        int item = i < 64 ? i : i / 64;
        float sum = 0;
        for (int from = item; from > 0; from /= 2) sum += X(from);
        return item >= 32 ? 0 : i < 64 ? sum : sum + (i % 64);
    }

    private static float Convolution(int i)
    {
        int channel = i / 64, py = i % 64 / 8, px = i % 8;
        float sum = 0;
        for (int tap = 0; tap < 9; tap++)
        {
            int iy = py + (tap / 3) - 1, ix = px + (tap % 3) - 1;
            if (iy is >= 0 and < 8 && ix is >= 0 and < 8) sum += Sum(4, c => X(3840 + (4 * ((8 * iy) + ix)) + c) * X((36 * channel) + (4 * tap) + c));
        }
        return sum;
    }

    private static float KeyCount(int key) =>
        Enumerable.Range(0, 64).Sum(t => Enumerable.Range(0, 1 + (t % 32 % 5)).Count(turn => X((64 * turn) + t) == key));
}
