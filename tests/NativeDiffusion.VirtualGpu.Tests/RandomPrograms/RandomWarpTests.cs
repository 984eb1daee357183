using System.Globalization;
using System.Numerics;
using System.Text;
using NativeDiffusion.VirtualGpu.Execution;
using NativeDiffusion.VirtualGpu.Tests.Cubin;
using NativeDiffusion.VirtualGpu.Tests.Support;

namespace NativeDiffusion.VirtualGpu.Tests.RandomPrograms;

/// <summary>
/// Random branches and loops in which converged lanes communicate: votes, shuffles, matches, reductions and words of shared memory, with
/// guards and without, with masks of the active lanes. The expected result is an evaluation of the tree, for any order of lanes.
/// </summary>
public sealed class RandomWarpTests
{
    private const int Threads = 64;

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, CubinSources.IsNightly ? 600 : 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Exchanges_AmongLanesThatAreTogether_GiveWhatTheTreeSays(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < 6; i++)
        {
            var text = new StringBuilder();
            Action<uint, uint[]> evaluate = Block(random, text, 0, 3, new int[1]);
            uint[] expected = [.. Enumerable.Range(0, Threads).Select(thread => (uint)thread * 7)];
            for (int warp = 0; warp < Threads / 32; warp++)
            {
                uint[] r = expected[(32 * warp)..(32 * (warp + 1))];
                evaluate(uint.MaxValue, r);
                r.CopyTo(expected, 32 * warp);
            }

            string ptx = $"{Head}{text}{Tail}";
            foreach (int way in Enumerable.Range(0, 4))
            {
                var device = new TestDevice(
                    ptx, new ExecutionOptions { Workers = 1, IsCompiled = way % 2 == 0, IsAdversarial = way / 2 == 1, Seed = seed, Patience = 1_000_000 });
                DeviceArray<uint> y = device.Allocate<uint>(Threads);
                device.Launch("exchange", 1, Threads, y);
                Assert.True(device.Findings.Count == 0, $"way {way}: {string.Join('\n', device.Findings)}\n{ptx}");
                Assert.True(expected.SequenceEqual(y.ToArray()), $"way {way}: {string.Join(' ', y.ToArray())}\nnot    {string.Join(' ', expected)}\n{ptx}");
            }
        }
    }

    /// <summary>Writes a few statements for the lanes in the register mask of the depth, and returns their effect on those lanes.</summary>
    private static Action<uint, uint[]> Block(Random random, StringBuilder text, int depth, int room, int[] labels)
    {
        var parts = new List<Action<uint, uint[]>>();
        int count = 1 + random.Next(4);
        for (int i = 0; i < count; i++)
        {
            int kind = random.Next(room > 0 ? 10 : 7);
            parts.Add(
                kind < 7 ? Exchange(random, text, depth, kind) : kind < 9 ? Branch(random, text, depth, room, labels)
                : Loop(random, text, depth, room, labels));
        }
        return (mask, r) => parts.ForEach(part => part(mask, r));
    }

    private static Action<uint, uint[]> Branch(Random random, StringBuilder text, int depth, int room, int[] labels)
    {
        uint chosen = Lanes(random);
        int label = labels[0]++, inner = depth + 1;
        Line(text, $"and.b32 m{inner}, m{depth}, {chosen};\nshr.u32 t, {chosen}, lane;\nand.b32 t, t, 1;\nsetp.eq.u32 p, t, 0;\n@p bra ELSE{label};");
        Action<uint, uint[]> then = Block(random, text, inner, room - 1, labels);
        Line(text, $"bra.uni END{label};\nELSE{label}:\nand.b32 m{inner}, m{depth}, {~chosen};");
        Action<uint, uint[]> otherwise = Block(random, text, inner, room - 1, labels);
        Line(text, $"END{label}:");
        return (mask, r) =>
        {
            if ((mask & chosen) != 0) then(mask & chosen, r);
            if ((mask & ~chosen) != 0) otherwise(mask & ~chosen, r);
        };
    }

    /// <summary>Lanes run different numbers of iterations; before each they vote on the remaining lanes.</summary>
    private static Action<uint, uint[]> Loop(Random random, StringBuilder text, int depth, int room, int[] labels)
    {
        int turns = 1 + random.Next(5), label = labels[0]++, inner = depth + 1;
        Line(
            text,
            $"mov.u32 m{inner}, m{depth};\nmov.u32 i{inner}, 0;\nLOOP{label}:\nrem.u32 t, lane, {turns};\nsetp.lt.u32 p, i{inner}, t;\nvote.sync.ballot.b32 "
                + $"m{inner}, p, m{inner};\n@!p bra DONE{label};");
        Action<uint, uint[]> body = Block(random, text, inner, room - 1, labels);
        Line(text, $"add.u32 i{inner}, i{inner}, 1;\nbra LOOP{label};\nDONE{label}:");
        return (mask, r) =>
        {
            for (int turn = 0; (mask &= Where(lane => turn < lane % turns)) != 0; turn++) body(mask, r);
        };
    }

    private static Action<uint, uint[]> Exchange(Random random, StringBuilder text, int depth, int kind)
    {
        // With a guard only some lanes participate, as given by the mask.
        bool isGuarded = random.Next(3) == 0;
        uint chosen = isGuarded ? Lanes(random) : uint.MaxValue;
        string guard = isGuarded ? "@q " : "", mask = isGuarded ? "g" : $"m{depth}";
        if (isGuarded) Line(text, $"and.b32 g, m{depth}, {chosen};\nshr.u32 t, {chosen}, lane;\nand.b32 t, t, 1;\nsetp.ne.u32 q, t, 0;");
        Line(text, $"neg.s32 t, {mask};\nand.b32 t, t, {mask};\nbfind.u32 first, t;\nand.b32 u, r, 3;\nsetp.ne.u32 p, u, 0;\nmov.u32 t, 0;");
        Line(text, kind switch
        {
            0 => $"mad.lo.u32 t, r, 3, lane;\n{guard}bar.warp.sync {mask};",
            1 => $"{guard}vote.sync.ballot.b32 t, p, {mask};",
            2 => $"{guard}shfl.sync.idx.b32 t, r, first, 31, {mask};",
            3 => $"{guard}match.any.sync.b32 t, u, {mask};",
            4 => $"{guard}redux.sync.add.u32 t, r, {mask};",
            5 => $"{guard}redux.sync.max.u32 t, r, {mask};\n{guard}bar.warp.sync {mask};\n{guard}vote.sync.ballot.b32 u, p, {mask};\n{guard}xor.b32 t, t, u;",
            _ =>
                $"{guard}st.shared.u32 [at], r;\n{guard}bar.warp.sync {mask};\nmad.lo.u32 u, first, 4, base;\n{guard}ld.shared.u32 t, "
                    + $"[u];\n{guard}bar.warp.sync {mask};",
        });
        Line(text, "mad.lo.u32 r, r, 5, t;");
        return (lanes, r) =>
        {
            uint here = lanes & chosen;
            uint[] old = [.. r];
            uint votes = here & Where(lane => (old[lane] & 3) != 0);
            IEnumerable<int> members = Enumerable.Range(0, 32).Where(lane => (here >> lane & 1) != 0).ToList();
            for (int lane = 0; lane < 32; lane++)
            {
                if ((lanes >> lane & 1) == 0) continue;
                uint given = (here >> lane & 1) == 0 ? 0 : kind switch
                {
                    1 => votes,
                    2 or 6 => old[BitOperations.TrailingZeroCount(here)],
                    3 => here & Where(other => (old[other] & 3) == (old[lane] & 3)),
                    4 => members.Aggregate(0u, (sum, other) => sum + old[other]),
                    5 => members.Max(other => old[other]) ^ votes,
                    _ => 0,
                };
                r[lane] = (old[lane] * 5) + (kind == 0 ? (old[lane] * 3) + (uint)lane : given);
            }
        };
    }

    private static uint Where(Func<int, bool> holds) => Enumerable.Range(0, 32).Aggregate(0u, (mask, lane) => holds(lane) ? mask | 1u << lane : mask);

    private static uint Lanes(Random random) => random.Next(
        5) switch
    { 0 => 1u << random.Next(32), 1 => 0xFFFF, 2 => 0x55555555, 3 => ~(1u << random.Next(32)), _ => (uint)random.NextInt64(uint.MaxValue) };

    private static void Line(StringBuilder text, FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));

    private static void Line(StringBuilder text, string line) => text.AppendLine(line);

    private const string Head = """
        .version 7.0
        .target sm_80
        .address_size 64
        .visible .entry exchange(.param .u64 y)
        {
            .shared .align 16 .b8 s[256];
            .reg .pred p, q;
            .reg .b32 tid, lane, r, t, u, g, first, at, base, m<8>, i<8>;
            .reg .b64 a, b;
            mov.u32 tid, %tid.x;
            and.b32 lane, tid, 31;
            mul.lo.u32 r, tid, 7;
            mov.u32 m0, -1;
            mov.u32 base, s;
            sub.u32 t, tid, lane;
            mad.lo.u32 base, t, 4, base;
            mad.lo.u32 at, lane, 4, base;
        """ + "\n";

    private const string Tail = """
            ld.param.u64 a, [y];
            mul.wide.u32 b, tid, 4;
            add.u64 a, a, b;
            st.global.u32 [a], r;
            ret;
        }
        """;
}
