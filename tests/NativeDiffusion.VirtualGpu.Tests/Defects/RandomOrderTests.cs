using System.Globalization;
using System.Text;
using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Execution;
using NativeDiffusion.VirtualGpu.Tests.Cubin;
using NativeDiffusion.VirtualGpu.Tests.Support;

namespace NativeDiffusion.VirtualGpu.Tests.Defects;

/// <summary>
/// Random kernels whose blocks read and write a few words of global memory and tell each other by flags, with fences, releases, acquires and
/// barriers around them or without. A plain account of who has seen what says which accesses have no order: these are found, and nothing else is.
/// </summary>
public sealed class RandomOrderTests
{
    private const int Blocks = 3, Warps = 2, All = Blocks * Warps, Words = 3, Flags = 24;

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, CubinSources.IsNightly ? 200 : 8)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void AccessesWithoutOrder_AreFound(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < 15; i++)
        {
            var program = new Program(random);
            foreach (bool isAdversarial in new[] { false, true })
            {
                var device = new TestDevice(
                    program.Ptx,
                    new ExecutionOptions { Workers = 1, IsAdversarial = isAdversarial, Seed = seed + i, IsCompiled = i % 2 == 0, Patience = 10_000_000 });
                device.Launch("defect", Blocks, 32 * Warps, device.Upload(new uint[Words]), device.Upload(new uint[Flags]));
                string told =
                    $"program {i}, {(isAdversarial ? "any" : "friendly")} order, "
                        + $"{(program.MustBeFound ? "to be found" : program.MayBeFound ? "may be found" : "ordered")}:\n"
                        + $"{string.Join('\n', device.Findings)}\n{program.Ptx}";
                Assert.All(device.Findings, finding => Assert.True(finding.Kind is FindingKind.GlobalRace or FindingKind.MissingFence, told));
                Assert.True(device.Findings.Count > 0 ? program.MayBeFound : !program.MustBeFound, told);
            }
        }
    }

    /// <summary>The program text and the model of its ordering, built together; warps of all blocks are numbered consecutively.</summary>
    private sealed class Program
    {
        private readonly StringBuilder[] _code = [.. Enumerable.Range(0, All).Select(_ => new StringBuilder())];
        private readonly int[][] _known = [.. Enumerable.Range(0, All).Select(_ => new int[All])];
        private readonly int[][] _fenced = [.. Enumerable.Range(0, All).Select(_ => new int[All])];
        private readonly int[][] _observed = [.. Enumerable.Range(0, All).Select(_ => new int[All])];
        private readonly List<(int Word, int Warp, int Step, bool IsWrite, bool KnewOthers)> _accesses = [];
        private int[] _signaled = [];
        private bool _mustBeFound, _isMuddled;
        private int _flag, _value;

        public Program(Random random)
        {
            for (int warp = 0; warp < All; warp++) _known[warp][warp] = 1;
            int events = 6 + random.Next(16);
            for (int k = 0; k < events; k++)
            {
                int warp = random.Next(All), other = ((((warp / Warps) + 1 + random.Next(Blocks - 1)) % Blocks) * Warps) + random.Next(Warps);
                switch (random.Next(8))
                {
                    case 0:
                        Meet(warp / Warps);
                        break;
                    case 1 or 2 when _flag < Flags:
                        Signal(warp, random.Next(5));
                        if (random.Next(3) == 0) Meet(other / Warps);
                        Wait(other, random.Next(5));
                        if (random.Next(3) == 0) Meet(other / Warps);
                        break;
                    case 3:
                        Fence(warp);
                        break;
                    default:
                        Access(warp, random.Next(Words), random.Next(3) == 0);
                        break;
                }
            }
            var text = new StringBuilder(Head);
            for (int warp = 0; warp < All; warp++)
                text.AppendLine(CultureInfo.InvariantCulture, $"setp.ne.u32 p, warp, {warp};\n@p bra END{warp};").Append(
                    _code[warp]).AppendLine(CultureInfo.InvariantCulture, $"END{warp}:");
            Ptx = text.AppendLine("ret;\n}").ToString();
        }

        public string Ptx { get; }

        /// <summary>Two unordered writes, or a read and a write of a warp that has observed no other block.</summary>
        public bool MustBeFound => _mustBeFound && !_isMuddled;

        /// <summary>A write not ordered with a read: by a known limit it counts as ordered once anything of the reader has been observed.</summary>
        public bool MayBeFound { get; private set; }

        private void Access(int warp, int word, bool isWrite)
        {
            _code[warp].AppendLine(
                CultureInfo.InvariantCulture, $"@lane0 {(isWrite ? $"st.global.u32 [x+{4 * word}], {++_value}" : $"ld.global.u32 a, [x+{4 * word}]")};");
            bool knewOthers = Enumerable.Range(0, All).Any(other => other / Warps != warp / Warps && _known[warp][other] > 0);
            foreach ((int Word, int Warp, int Step, bool IsWrite, bool KnewOthers) before in _accesses)
            {
                if (before.Word != word || !(before.IsWrite || isWrite) || _known[warp][before.Warp] >= before.Step) continue;
                if (before.Warp / Warps == warp / Warps)
                {
                    // Warps of one block are not checked against each other; the last writer is recorded.
                    _isMuddled |= before.Warp != warp && before.IsWrite && isWrite;
                    continue;
                }
                MayBeFound = true;
                _mustBeFound |= (before.IsWrite && isWrite) || !(isWrite ? knewOthers : before.KnewOthers);
            }
            _accesses.Add((word, warp, _known[warp][warp], isWrite, knewOthers));
        }

        private void Fence(int warp)
        {
            _code[warp].AppendLine("membar.gl;");
            Join(_known[warp], _observed[warp]);
            Release(warp);
        }

        private void Release(int warp)
        {
            Join(_fenced[warp], _known[warp]);
            _known[warp][warp]++;
        }

        private void Signal(int warp, int how)
        {
            if (how == 0) Fence(warp);
            if (how == 1) Release(warp);
            _code[warp].AppendLine(CultureInfo.InvariantCulture, $"@lane0 st.{(how == 1 ? "release.gpu" : "volatile")}.global.u32 [z+{4 * _flag}], 1;");
            // What it observed of other blocks is published in any case: its writers have made it visible to all.
            _signaled = [.. Enumerable.Range(0, All).Select(other => other / Warps == warp / Warps ? _fenced[warp][other] : _known[warp][other])];
        }

        private void Wait(int warp, int how)
        {
            _code[warp].AppendLine(
                CultureInfo.InvariantCulture,
                $"SPIN{_flag}:\nld.{(how == 1 ? "acquire.gpu" : "volatile")}.global.u32 a, [z+{4 * _flag}];\nsetp.eq.u32 p, a, 0;\n@p bra SPIN{_flag};");
            _flag++;
            Join(_observed[warp], _signaled);
            if (how == 0) Fence(warp);
            if (how == 1) Join(_known[warp], _observed[warp]);
        }

        /// <summary>A block barrier shares what its warps have observed, and a fence before it counts for all of them.</summary>
        private void Meet(int block)
        {
            int[] known = new int[All], fenced = new int[All];
            for (int warp = block * Warps; warp < (block + 1) * Warps; warp++)
            {
                _code[warp].AppendLine("bar.sync 0;");
                Join(known, _known[warp]);
                Join(fenced, _fenced[warp]);
            }
            for (int warp = block * Warps; warp < (block + 1) * Warps; warp++)
            {
                Join(_known[warp], known);
                Join(_fenced[warp], fenced);
                _known[warp][warp]++;
            }
        }

        private static void Join(int[] into, int[] from)
        {
            for (int i = 0; i < All; i++) into[i] = Math.Max(into[i], from[i]);
        }

        private const string Head = """
            .version 7.0
            .target sm_80
            .address_size 64
            .visible .entry defect(.param .u64 px, .param .u64 pz)
            {
                .reg .pred p, lane0;
                .reg .b32 warp, a;
                .reg .b64 x, z;
                ld.param.u64 x, [px];
                ld.param.u64 z, [pz];
                mov.u32 warp, %tid.x;
                and.b32 a, warp, 31;
                setp.eq.u32 lane0, a, 0;
                shr.u32 warp, warp, 5;
                mov.u32 a, %ctaid.x;
                mad.lo.u32 warp, a, 2, warp;
            """ + "\n";
    }
}
