using System.Globalization;
using System.Text;
using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Execution;
using NativeDiffusion.VirtualGpu.Tests.Cubin;
using NativeDiffusion.VirtualGpu.Tests.Support;

namespace NativeDiffusion.VirtualGpu.Tests.Defects;

/// <summary>
/// Random kernels whose warps read and write a few words of shared memory between barriers of all kinds. A plain account of what happens before
/// what, thread by thread, says whether two threads race; a race is found if and only if there is one, in any order.
/// </summary>
public sealed class RandomRaceTests
{
    private const int Warps = 3, Threads = Warps * 32, Words = 3;

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, CubinSources.IsNightly ? 400 : 24)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Race_IsFoundWhereThereIsOne(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < 25; i++)
        {
            (string body, bool isRace) = Generate(random);
            foreach (bool isAdversarial in new[] { false, true })
            {
                var device = new TestDevice(
                    Head + body + "}\n",
                    new ExecutionOptions { Workers = 1, IsAdversarial = isAdversarial, Seed = seed + i, IsCompiled = i % 2 == 0, Patience = 100_000 });
                device.Launch("defect", 1, Threads);
                string told =
                    $"program {i}, {(isAdversarial ? "any" : "friendly")} order, "
                        + $"{(isRace ? "a race" : "no race")}:\n{string.Join('\n', device.Findings)}\n{body}";
                Assert.All(device.Findings, finding => Assert.True(finding.Kind is FindingKind.SharedRace or FindingKind.MissingWarpSync, told));
                Assert.True(isRace == device.Findings.Count > 0, told);
            }
        }
    }

    private static (string Body, bool IsRace) Generate(Random random)
    {
        StringBuilder[] code = [.. Enumerable.Range(0, Warps).Select(_ => new StringBuilder())];
        // What each thread has observed of the others' steps, and all accesses so far: word, thread, its step, whether it wrote.
        int[][] known = [.. Enumerable.Range(0, Threads).Select(_ => new int[Threads])];
        var accesses = new List<(int Word, int Thread, int Step, bool IsWrite)>();
        bool isRace = false;
        int barrier = 1, events = 6 + random.Next(14);
        for (int thread = 0; thread < Threads; thread++) known[thread][thread] = 1;
        for (int k = 0; k < events; k++)
        {
            int warp = random.Next(Warps), other = (warp + 1 + random.Next(Warps - 1)) % Warps;
            switch (random.Next(10))
            {
                case 0:
                    foreach (StringBuilder text in code) text.AppendLine("bar.sync 0;");
                    Meet(Enumerable.Range(0, Threads), Enumerable.Range(0, Threads));
                    break;
                case 1 when barrier < 16:
                    Line(warp, $"bar.sync {barrier}, 64;");
                    Line(other, $"bar.sync {barrier++}, 64;");
                    Meet(Lanes(warp).Concat(Lanes(other)), Lanes(warp).Concat(Lanes(other)));
                    break;
                case 2 when barrier < 16:
                    Line(warp, $"bar.arrive {barrier}, 64;");
                    Line(other, $"bar.sync {barrier++}, 64;");
                    Meet(Lanes(warp).Concat(Lanes(other)), Lanes(other));
                    break;
                case 3:
                    uint mask = random.Next(3) switch { 0 => uint.MaxValue, 1 => 0xFFFF, _ => 0xF0F0F0F0 };
                    Line(warp, $"@in{mask:X} bar.warp.sync 0x{mask:X};");
                    IEnumerable<int> members = Lanes(warp).Where(thread => (mask >> (thread % 32) & 1) != 0);
                    Meet(members, members);
                    break;
                default:
                    Access(warp, random.Next(4) == 0 ? -1 : random.Next(2) == 0 ? random.Next(3) : random.Next(32), random.Next(Words), random.Next(3) == 0);
                    break;
            }
        }
        var body = new StringBuilder();
        for (int warp = 0; warp < Warps; warp++)
            body.AppendLine(CultureInfo.InvariantCulture, $"setp.ne.u32 p, warp, {warp};\n@p bra END{warp};").Append(
                code[warp]).AppendLine(CultureInfo.InvariantCulture, $"END{warp}:");
        return (body.AppendLine("ret;").ToString(), isRace);

        void Line(int warp, string text) => code[warp].AppendLine(text);

        // All released threads have observed what all arrived threads had.
        void Meet(IEnumerable<int> come, IEnumerable<int> go)
        {
            int[] all = new int[Threads];
            foreach (int thread in come)
                for (int i = 0; i < Threads; i++) all[i] = Math.Max(all[i], known[thread][i]);
            foreach (int thread in go.ToList())
                for (int i = 0; i < Threads; i++) known[thread][i] = Math.Max(known[thread][i], all[i]);
            foreach (int thread in come.Union(go).ToList()) known[thread][thread]++;
        }

        // One lane, or all of them; accesses of all lanes to one word are free of races only as reads.
        void Access(int warp, int lane, int word, bool isWrite)
        {
            bool isAll = lane < 0;
            if (isAll) isWrite = false;
            if (!isAll) Line(warp, $"setp.eq.u32 q, lane, {lane};");
            Line(warp, $"{(isAll ? "" : "@q ")}{(isWrite ? $"st.shared.u32 [s+{4 * word}], tid" : $"ld.shared.u32 a, [s+{4 * word}]")};");
            foreach (int thread in isAll ? Lanes(warp) : [(32 * warp) + lane])
            {
                isRace |= accesses.Exists(
                    before => before.Word == word && before.Thread != thread && (before.IsWrite || isWrite) && known[thread][before.Thread] < before.Step);
                accesses.Add((word, thread, known[thread][thread], isWrite));
            }
        }
    }

    private static IEnumerable<int> Lanes(int warp) => Enumerable.Range(32 * warp, 32);

    private const string Head = """
        .version 7.0
        .target sm_80
        .address_size 64
        .visible .entry defect()
        {
            .shared .align 16 .b8 s[64];
            .reg .pred p, q, inFFFFFFFF, inFFFF, inF0F0F0F0;
            .reg .b32 tid, warp, lane, a, b;
            mov.u32 tid, %tid.x;
            shr.u32 warp, tid, 5;
            and.b32 lane, tid, 31;
            setp.lt.u32 inFFFFFFFF, lane, 32;
            setp.lt.u32 inFFFF, lane, 16;
            and.b32 a, lane, 4;
            setp.ne.u32 inF0F0F0F0, a, 0;
            setp.lt.u32 p, tid, 4;
            shl.b32 a, tid, 2;
            mov.u32 b, s;
            add.u32 b, b, a;
            @p st.shared.u32 [b], tid;
            bar.sync 0;
        """ + "\n";
}
