using System.Numerics;
using NativeDiffusion.VirtualGpu.Tests.Support;

namespace NativeDiffusion.VirtualGpu.Tests.Instructions;

/// <summary>Warp-level instructions, against loops over lanes.</summary>
public sealed class WarpTests
{
    private const int Threads = 128;

    [Theory]
    [CombinatorialData]
    public void Shuffle_AllModesAndWidths_MatchTheManual(
        [CombinatorialValues("up", "down", "bfly", "idx")] string mode, [CombinatorialValues(2, 8, 16, 32)] int width,
            [CombinatorialValues(0, 1, 3, 8, 31)] int offset)
    {
        int segment = (32 - width) << 8, clamp = mode == "up" ? segment : segment | 31;
        ulong[] values = Values(32);
        ulong[] results = InstructionRunner.Run(
            $"shfl.sync.{mode}.b32 x|p, a, {offset}, {clamp}, -1;\nselp.u32 y, 1, 0, p;\nmov.b64 d, {{x, y}};", 64, (32, values));
        for (int thread = 0; thread < Threads; thread++)
        {
            int lane = thread % 32, first = lane / width * width, last = first + width - 1;
            int from = mode switch { "up" => lane - offset, "down" => lane + offset, "bfly" => lane ^ offset, _ => first + (offset % width) };
            bool isInside = mode == "up" ? from >= first : from <= last;
            ulong expected = values[(thread / 32 * 32) + (isInside ? from : lane)] | (isInside ? 1UL << 32 : 0);
            Assert.Equal(expected, results[thread]);
        }
    }

    [Fact]
    public void Shuffle_OffsetsByLane_AreTakenFromEachLane()
    {
        ulong[] values = Values(32), lanes = [.. Enumerable.Range(0, Threads).Select(i => (ulong)((i * 7) + 3) % 32)];
        ulong[] results = InstructionRunner.Run("shfl.sync.idx.b32 d, a, b, 31, -1;", 32, (32, values), (32, lanes));
        for (int thread = 0; thread < Threads; thread++) Assert.Equal(values[(thread / 32 * 32) + (int)lanes[thread]], results[thread]);
    }

    [Fact]
    public void Vote_CountsTheMembers()
    {
        ulong[] values = [.. Enumerable.Range(0, Threads).Select(i => i < 32 ? 1UL : i < 64 ? 0 : (ulong)(i % 3 == 0 ? 1 : 0))];
        const string Head = "setp.ne.u32 p, a, 0;\n";
        uint Ballot(int warp) => Bits(lane => values[(warp * 32) + lane] != 0);
        Check(Head + "vote.sync.ballot.b32 d, p, -1;", (warp, _) => Ballot(warp));
        Check(Head + "vote.sync.ballot.b32 d, !p, -1;", (warp, _) => ~Ballot(warp));
        Check(Head + "vote.sync.all.pred q, p, -1;\nselp.u32 d, 1, 0, q;", (warp, _) => Ballot(warp) == uint.MaxValue ? 1u : 0);
        Check(Head + "vote.sync.any.pred q, p, -1;\nselp.u32 d, 1, 0, q;", (warp, _) => Ballot(warp) != 0 ? 1u : 0);
        Check(Head + "vote.sync.uni.pred q, p, -1;\nselp.u32 d, 1, 0, q;", (warp, _) => Ballot(warp) is 0 or uint.MaxValue ? 1u : 0);
        void Check(string code, Func<int, int, uint> expected)
        {
            ulong[] results = InstructionRunner.Run(code, 32, (32, values));
            for (int thread = 0; thread < Threads; thread++) Assert.Equal(expected(thread / 32, thread % 32), results[thread]);
        }
    }

    [Fact]
    public void Match_FindsEqualValues()
    {
        ulong[] values = [.. Enumerable.Range(0, Threads).Select(i => i < 32 ? 7UL : (ulong)(i % 5) << 40)];
        ulong[] any = InstructionRunner.Run("match.any.sync.b64 x, a, -1;\ncvt.u64.u32 d, x;", 64, (64, values));
        ulong[] all = InstructionRunner.Run("match.all.sync.b64 x|p, a, -1;\nselp.u32 y, 1, 0, p;\nmov.b64 d, {x, y};", 64, (64, values));
        for (int thread = 0; thread < Threads; thread++)
        {
            int warp = thread / 32 * 32;
            Assert.Equal(Bits(lane => values[warp + lane] == values[thread]), any[thread]);
            Assert.Equal(warp == 0 ? 0x1_FFFF_FFFFUL : 0, all[thread]);
        }
    }

    [Theory]
    [InlineData("add.u32")]
    [InlineData("add.s32")]
    [InlineData("min.u32")]
    [InlineData("min.s32")]
    [InlineData("max.u32")]
    [InlineData("max.s32")]
    [InlineData("and.b32")]
    [InlineData("or.b32")]
    [InlineData("xor.b32")]
    public void Redux_JoinsTheMembersOfHalfWarps(string operation)
    {
        ulong[] values = Values(32), masks = [.. Enumerable.Range(0, Threads).Select(i => i % 32 < 16 ? 0xFFFFUL : 0xFFFF_0000)];
        ulong[] results = InstructionRunner.Run($"redux.sync.{operation} d, a, b;", 32, (32, values), (32, masks));
        for (int thread = 0; thread < Threads; thread++)
        {
            IEnumerable<uint> members = values.Skip(thread / 16 * 16).Take(16).Select(value => (uint)value);
            uint expected = operation switch
            {
                "add.u32" or "add.s32" => members.Aggregate((x, y) => x + y),
                "min.u32" => members.Min(),
                "max.u32" => members.Max(),
                "min.s32" => (uint)members.Min(value => (int)value),
                "max.s32" => (uint)members.Max(value => (int)value),
                "and.b32" => members.Aggregate((x, y) => x & y),
                "or.b32" => members.Aggregate((x, y) => x | y),
                _ => members.Aggregate((x, y) => x ^ y),
            };
            Assert.Equal(expected, results[thread]);
        }
    }

    [Fact]
    public void SpecialRegisters_KnowTheLane()
    {
        ulong[] values = Values(32);
        foreach ((string name, Func<int, uint> expected) in (ReadOnlySpan<(string, Func<int, uint>)>)
            [("%laneid", lane => (uint)lane), ("%lanemask_eq", lane => 1u << lane), ("%lanemask_lt", lane => (1u << lane) - 1),
            ("%lanemask_le", lane => (1u << lane) | ((1u << lane) - 1)), ("%lanemask_ge", lane => ~((1u << lane) - 1)),
            ("%lanemask_gt", lane => ~((1u << lane) | ((1u << lane) - 1)))])
        {
            ulong[] results = InstructionRunner.Run($"mov.u32 d, {name};", 32, (32, values));
            for (int thread = 0; thread < Threads; thread++) Assert.Equal(expected(thread % 32), results[thread]);
        }
    }

    [Fact]
    public void ElectAndActiveMask_InABranch_SeeItsLanes()
    {
        ulong[] values = [.. Enumerable.Range(0, Threads).Select(i => (ulong)i)];
        ulong[] results = InstructionRunner.Run(
            "mov.u32 d, 0;\nand.b32 x, a, 1;\nsetp.eq.u32 p, x, 0;\n@p bra SKIP;\nactivemask.b32 y;\nelect.sync z|q, y;\nselp.u32 x, 1000, 0, q;\nadd.u32 d, "
                + "x, z;\nSKIP:", 32, (32, values));
        for (int thread = 0; thread < Threads; thread++)
            Assert.Equal(thread % 2 == 0 ? 0UL : thread % 32 == 1 ? 1001UL : 1, results[thread]);
    }

    private static ulong[] Values(int bits) =>
        [.. Enumerable.Range(
        0, Threads).Select(i => (ulong)BitOperations.RotateLeft(0x9E37_79B9u * (uint)(i + 1), i) & (bits == 64 ? ulong.MaxValue : uint.MaxValue))];

    private static uint Bits(Func<int, bool> test) => (uint)Enumerable.Range(0, 32).Where(test).Sum(lane => 1L << lane);
}
