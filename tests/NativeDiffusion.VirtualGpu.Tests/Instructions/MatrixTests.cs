using Format = NativeDiffusion.VirtualGpu.Tests.Support.ExactNumber.Format;
using NativeDiffusion.VirtualGpu.Execution;
using NativeDiffusion.VirtualGpu.Tests.Support;

namespace NativeDiffusion.VirtualGpu.Tests.Instructions;

/// <summary>mma, ldmatrix, stmatrix, movmatrix, cp.async with the layouts of the manual's figures.</summary>
public sealed class MatrixTests
{
    private const string Head = ".version 8.6\n.target sm_90\n.address_size 64\n";

    [Theory]
    [CombinatorialData]
    public void HalfProducts_OfSmallIntegers_AreExact(
        [CombinatorialValues(8, 16)] int depth, [CombinatorialValues("f16", "bf16")] string type, bool isTruncating)
    {
        var random = new Random(depth);
        int[,] a = Matrix(random, 16, depth), b = Matrix(random, depth, 8), c = Matrix(random, 16, 8);
        uint[][] registersA = Fill(depth / 4, (lane, register) => Pair(type, at => a[Row(lane, register), ColumnA(lane, register) + at]));
        uint[][] registersB = Fill(depth / 8, (lane, register) => Pair(type, at => b[(2 * (lane & 3)) + (8 * register) + at, lane >> 2]));
        uint[][] registersC = Fill(4, (lane, i) => BitConverter.SingleToUInt32Bits(c[(lane >> 2) + (8 * (i >> 1)), (2 * (lane & 3)) + (i & 1)]));
        uint[][] d = Run($"mma.sync.aligned.m16n8k{depth}.row.col.f32.{type}.{type}.f32", 4, isTruncating, registersA, registersB, registersC);
        Compare(d, 4, (lane, i) => BitConverter.SingleToUInt32Bits(Product(a, b, c, (lane >> 2) + (8 * (i >> 1)), (2 * (lane & 3)) + (i & 1), depth)));
    }

    [Theory]
    [CombinatorialData]
    public void HalfSums_OfSmallIntegers_AreExact([CombinatorialValues(8, 16)] int depth, bool isTruncating)
    {
        var random = new Random(depth);
        int[,] a = Matrix(random, 16, depth), b = Matrix(random, depth, 8), c = Matrix(random, 16, 8);
        uint[][] registersA = Fill(depth / 4, (lane, register) => Pair("f16", at => a[Row(lane, register), ColumnA(lane, register) + at]));
        uint[][] registersB = Fill(depth / 8, (lane, register) => Pair("f16", at => b[(2 * (lane & 3)) + (8 * register) + at, lane >> 2]));
        uint[][] registersC = Fill(2, (lane, r) => Pair("f16", at => c[(lane >> 2) + (8 * r), (2 * (lane & 3)) + at]));
        uint[][] d = Run($"mma.sync.aligned.m16n8k{depth}.row.col.f16.f16.f16.f16", 2, isTruncating, registersA, registersB, registersC);
        Compare(d, 2, (lane, r) => Pair("f16", at => (int)Product(a, b, c, (lane >> 2) + (8 * r), (2 * (lane & 3)) + at, depth)));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    public void TensorFloat32_IgnoresTheLowerBits(int depth)
    {
        var random = new Random(depth);
        int[,] a = Matrix(random, 16, depth), b = Matrix(random, depth, 8), c = Matrix(random, 16, 8);
        // The thirteen bits below are noise that must be ignored.
        uint Noisy(int value) => BitConverter.SingleToUInt32Bits(value) | (uint)random.Next(0x2000);
        uint[][] registersA = Fill(depth / 2, (lane, r) => Noisy(a[Row(lane, r), (lane & 3) + (4 * (r >> 1))]));
        uint[][] registersB = Fill(depth / 4, (lane, r) => Noisy(b[(lane & 3) + (4 * r), lane >> 2]));
        uint[][] registersC = Fill(4, (lane, i) => BitConverter.SingleToUInt32Bits(c[(lane >> 2) + (8 * (i >> 1)), (2 * (lane & 3)) + (i & 1)]));
        uint[][] d = Run($"mma.sync.aligned.m16n8k{depth}.row.col.f32.tf32.tf32.f32", 4, false, registersA, registersB, registersC);
        Compare(d, 4, (lane, i) => BitConverter.SingleToUInt32Bits(Product(a, b, c, (lane >> 2) + (8 * (i >> 1)), (2 * (lane & 3)) + (i & 1), depth)));
    }

    [Theory]
    [CombinatorialData]
    public void Bytes_MultiplyIntoIntegers([CombinatorialValues(16, 32)] int depth, bool isSigned)
    {
        var random = new Random(depth);
        int low = isSigned ? -128 : 0, high = isSigned ? 128 : 256;
        int[,] a = Matrix(random, 16, depth, low, high), b = Matrix(random, depth, 8, -128, 128), c = Matrix(random, 16, 8, -1000000, 1000000);
        uint[][] registersA = Fill(depth / 8, (lane, r) => Bytes(at => a[Row(lane, r), (4 * (lane & 3)) + at + (16 * (r >> 1))]));
        uint[][] registersB = Fill(depth / 16, (lane, r) => Bytes(at => b[(4 * (lane & 3)) + at + (16 * r), lane >> 2]));
        uint[][] registersC = Fill(4, (lane, i) => (uint)c[(lane >> 2) + (8 * (i >> 1)), (2 * (lane & 3)) + (i & 1)]);
        uint[][] d = Run(
            $"mma.sync.aligned.m16n8k{depth}.row.col.satfinite.s32.{(isSigned ? 's' : 'u')}8.s8.s32", 4, false, registersA, registersB, registersC);
        Compare(d, 4, (lane, i) => (uint)(int)Product(a, b, c, (lane >> 2) + (8 * (i >> 1)), (2 * (lane & 3)) + (i & 1), depth));
    }

    [Theory]
    [CombinatorialData]
    public void RandomHalves_AreCloseInBothModes(bool isTruncating)
    {
        var random = new Random(7);
        var a = new double[16, 16];
        var b = new double[16, 8];
        uint[][] registersA = Fill(4, (_, _) => 0), registersB = Fill(2, (_, _) => 0);
        Half Next() => (Half)((random.NextDouble() - 0.5) * Math.Pow(2, random.Next(-8, 8)));
        for (int lane = 0; lane < 32; lane++)
        {
            for (int r = 0; r < 4; r++) registersA[r][lane] = Pack(at => a[Row(lane, r), ColumnA(lane, r) + at] = (double)Next());
            for (int r = 0; r < 2; r++) registersB[r][lane] = Pack(at => b[(2 * (lane & 3)) + (8 * r) + at, lane >> 2] = (double)Next());
        }
        uint[][] d = Run("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32", 4, isTruncating, registersA, registersB, Fill(4, (_, _) => 0));
        for (int lane = 0; lane < 32; lane++)
        {
            for (int i = 0; i < 4; i++)
            {
                int row = (lane >> 2) + (8 * (i >> 1)), column = (2 * (lane & 3)) + (i & 1);
                double sum = 0, most = 0;
                for (int k = 0; k < 16; k++)
                {
                    sum += a[row, k] * b[k, column];
                    most = Math.Max(most, Math.Abs(a[row, k] * b[k, column]));
                }
                Assert.InRange(BitConverter.UInt32BitsToSingle(d[i][lane]), sum - (most * 3e-6), sum + (most * 3e-6));
            }
        }

        static uint Pack(Func<int, double> value)
        {
            ushort low = BitConverter.HalfToUInt16Bits((Half)value(0));
            return low | ((uint)BitConverter.HalfToUInt16Bits((Half)value(1)) << 16);
        }
    }

    /// <summary>Measured behavior of tensor cores: bits below the largest term's 24 bits are truncated, in the terms and the sum.</summary>
    [Fact]
    public void Truncation_CutsWhatRoundingWouldKeep()
    {
        // 1 + 15 * 2^-25: each small term is below the last place, all of them together are not.
        uint[][] registersA = Fill(4, (lane, r) => Half(at => Row(lane, r) == 0 ? ColumnA(lane, r) + at == 0 ? 1 : 0.00048828125 : 0));
        uint[][] registersB = Fill(2, (lane, r) => Half(at => lane >> 2 == 0 ? (2 * (lane & 3)) + (8 * r) + at == 0 ? 1 : 0.00006103515625 : 0));
        uint[][] zero = Fill(4, (_, _) => 0);
        const string Instruction = "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32";
        float truncated = BitConverter.UInt32BitsToSingle(Run(Instruction, 4, true, registersA, registersB, zero)[0][0]);
        Assert.Equal(1f, truncated);
        // An exact sum would have been rounded up.
        float exact = (float)(1 + (15 * Math.Pow(2, -25)));
        Assert.True(exact > truncated);

        static uint Half(Func<int, double> value) =>
            BitConverter.HalfToUInt16Bits((System.Half)value(0)) | ((uint)BitConverter.HalfToUInt16Bits((System.Half)value(1)) << 16);
    }

    [Fact]
    public void Doubles_MultiplyAcrossTheWarp()
    {
        double[] a = [.. Enumerable.Range(0, 32).Select(i => i + 0.5)], b = [.. Enumerable.Range(0, 32).Select(i => 3 - (i * 0.25))];
        TestDevice device = new(Head + """
            .visible .entry k(.param .u64 d, .param .u64 a, .param .u64 b) {
              .reg .b64 x, y, z, o; .reg .b32 t; .reg .f64 p, q, r, s;
              mov.u32 t, %tid.x; mul.wide.u32 o, t, 8;
              ld.param.u64 x, [d]; ld.param.u64 y, [a]; ld.param.u64 z, [b]; add.u64 y, y, o; add.u64 z, z, o; add.u64 x, x, o; add.u64 x, x, o;
              ld.global.f64 p, [y]; ld.global.f64 q, [z]; mov.f64 r, 0d3FF0000000000000; mov.f64 s, 0d4000000000000000;
              mma.sync.aligned.m8n8k4.row.col.f64.f64.f64.f64 {r, s}, {p}, {q}, {r, s};
              st.global.v2.f64 [x], {r, s}; ret;
            }
            """);
        DeviceArray<double> d = device.Allocate<double>(64);
        device.Launch("k", 1, 32, d, device.Upload(a), device.Upload(b)).Clean();
        for (int lane = 0; lane < 32; lane++)
            for (int i = 0; i < 2; i++)
                Assert.Equal(1 + i + Enumerable.Range(0, 4).Sum(k => a[(lane / 4 * 4) + k] * b[(((2 * (lane % 4)) + i) * 4) + k]), d[(2 * lane) + i], 1e-9);
    }

    [Theory]
    [CombinatorialData]
    public void MatrixLoads_GiveEachLaneItsElements([CombinatorialValues(1, 2, 4)] int count, bool isTransposed)
    {
        string registers = string.Join(", ", Enumerable.Range(0, count).Select(i => $"r{i}"));
        TestDevice device = new(Head + $$"""
            .visible .entry k(.param .u64 d, .param .u64 a) {
              .shared .align 16 .b8 sh[1024]; .reg .b64 x, y, o; .reg .b32 t, s, w, {{registers}};
              mov.u32 t, %tid.x; mul.wide.u32 o, t, 16; ld.param.u64 x, [d]; ld.param.u64 y, [a]; add.u64 y, y, o;
              .reg .b32 u0, u1, u2, u3;
              ld.global.v4.u32 {u0, u1, u2, u3}, [y];
              mov.u32 s, sh; mad.lo.u32 w, t, 32, s; st.shared.v4.u32 [w], {u0, u1, u2, u3};
              bar.sync 0;
              ldmatrix.sync.aligned.m8n8.x{{count}}{{(isTransposed ? ".trans" : "")}}.shared.b16 { {{registers}} }, [w];
              mul.wide.u32 o, t, 4; add.u64 x, x, o;
              {{string.Join("\n", Enumerable.Range(0, count).Select(i => $"st.global.u32 [x+{i * 128}], r{i};"))}}
              ret;
            }
            """);
        ushort[] values = [.. Enumerable.Range(0, 256).Select(i => (ushort)((i * 331) + 7))];
        DeviceArray<uint> result = device.Allocate<uint>(32 * count);
        device.Launch("k", 1, 32, result, device.Upload(values)).Clean();
        for (int matrix = 0; matrix < count; matrix++)
        {
            for (int lane = 0; lane < 32; lane++)
            {
                int row = lane / 4, column = 2 * (lane % 4);
                ushort At(int r, int c) => values[(((matrix * 8) + r) * 8) + c];
                uint expected = isTransposed ? At(column, row) | ((uint)At(column + 1, row) << 16) : At(row, column) | ((uint)At(row, column + 1) << 16);
                Assert.Equal(expected, result[(matrix * 32) + lane]);
            }
        }
        // Rows at every second 16 bytes have two-way bank conflicts.
        Assert.Equal(2 * count, device.Tally.Memory.SharedWavefronts - 8);
    }

    [Fact]
    public void MatrixStoreAndTranspose_AreTheInverse()
    {
        TestDevice device = new(Head + """
            .visible .entry k(.param .u64 d) {
              .shared .align 16 .b8 sh[512]; .reg .b64 x, o; .reg .b32 t, s, w, r0, r1, q0, q1;
              mov.u32 t, %tid.x; ld.param.u64 x, [d]; mul.wide.u32 o, t, 8; add.u64 x, x, o;
              mov.u32 s, sh; and.b32 w, t, 15; mad.lo.u32 w, w, 16, s; mad.lo.u32 r0, t, 65537, 1000; mul.lo.u32 r1, r0, 3;
              stmatrix.sync.aligned.m8n8.x2.trans.shared.b16 [w], {r0, r1};
              bar.warp.sync -1;
              ldmatrix.sync.aligned.m8n8.x2.shared.b16 {q0, q1}, [w];
              movmatrix.sync.aligned.m8n8.trans.b16 q0, q0; movmatrix.sync.aligned.m8n8.trans.b16 q1, q1;
              sub.u32 q0, q0, r0; sub.u32 q1, q1, r1;
              st.global.v2.u32 [x], {q0, q1}; ret;
            }
            """);
        DeviceArray<uint> result = device.Allocate<uint>(64);
        device.Launch("k", 1, 32, result).Clean();
        Assert.All(result.ToArray(), difference => Assert.Equal(0u, difference));
    }

    [Fact]
    public void AsyncCopies_ArriveWhenTheirGroupIsWaitedFor()
    {
        TestDevice device = new(Head + """
            .visible .entry k(.param .u64 d, .param .u64 a) {
              .shared .align 16 .b8 sh[2048]; .reg .b64 x, y, o; .reg .b32 t, s, w, v, size; .reg .pred p;
              mov.u32 t, %tid.x; ld.param.u64 x, [d]; ld.param.u64 y, [a]; mul.wide.u32 o, t, 16; add.u64 y, y, o;
              mov.u32 s, sh; mad.lo.u32 w, t, 16, s;
              cp.async.cg.shared.global [w], [y], 16; cp.async.commit_group;
              and.b32 size, t, 15; cp.async.ca.shared.global [w+512], [y], 16, size; cp.async.commit_group;
              cp.async.wait_group 1; ld.shared.u32 v, [w+4]; mul.wide.u32 o, t, 12; add.u64 x, x, o; st.global.u32 [x], v;
              cp.async.wait_all; ld.shared.u32 v, [w+512]; st.global.u32 [x+4], v; ld.shared.u32 v, [w+524]; st.global.u32 [x+8], v;
              ret;
            }
            """);
        byte[] source = [.. Enumerable.Range(0, 512).Select(i => (byte)(i + 1))];
        DeviceArray<byte> result = device.Allocate<byte>(32 * 12);
        device.Launch("k", 1, 32, result, device.Upload(source)).Clean();
        for (int thread = 0; thread < 32; thread++)
        {
            byte[] expected = [.. source.Skip((16 * thread) + 4).Take(4), .. Cut(0), .. Cut(12)];
            Assert.Equal(expected, result.ToArray().Skip(12 * thread).Take(12));
            IEnumerable<byte> Cut(int from) => Enumerable.Range(from, 4).Select(i => i < thread % 16 ? source[(16 * thread) + i] : (byte)0);
        }
    }

    private static int Row(int lane, int register) => (lane >> 2) + (8 * (register & 1));

    private static int ColumnA(int lane, int register) => (2 * (lane & 3)) + (8 * (register >> 1));

    private static int[,] Matrix(Random random, int rows, int columns, int low = -8, int high = 9)
    {
        var matrix = new int[rows, columns];
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++) matrix[i, j] = random.Next(low, high);
        return matrix;
    }

    private static float Product(int[,] a, int[,] b, int[,] c, int row, int column, int depth) =>
        c[row, column] + Enumerable.Range(0, depth).Sum(k => a[row, k] * b[k, column]);

    private static uint Pair(string type, Func<int, int> value)
    {
        Format format = type == "f16" ? Format.Half : Format.BFloat;
        ulong One(int at) => new ExactNumber(NumberKind.Finite, value(at) < 0, Math.Abs(value(at)), 0).Round(format, "rn");
        return (uint)(One(0) | (One(1) << 16));
    }

    private static uint Bytes(Func<int, int> value) =>
        (byte)value(0) | ((uint)(byte)value(1) << 8) | ((uint)(byte)value(2) << 16) | ((uint)(byte)value(3) << 24);

    private static uint[][] Fill(int registers, Func<int, int, uint> value) =>
        [.. Enumerable.Range(0, registers).Select(register => Enumerable.Range(0, 32).Select(lane => value(lane, register)).ToArray())];

    private static void Compare(uint[][] actual, int registers, Func<int, int, uint> expected)
    {
        for (int i = 0; i < registers; i++)
            for (int lane = 0; lane < 32; lane++) Assert.Equal(expected(lane, i), actual[i][lane]);
    }

    private static uint[][] Run(string instruction, int results, bool isTruncating, params uint[][][] fragments)
    {
        var text = new System.Text.StringBuilder(Head + ".visible .entry k(.param .u64 d, .param .u64 s) {\n.reg .b64 x, y, o; .reg .b32 t;\n");
        string[] names = ["a", "b", "c"];
        for (int f = 0; f < 3; f++) text.Append(null, $".reg .b32 {string.Join(", ", fragments[f].Select((_, i) => names[f] + i))};\n");
        text.Append(null, $".reg .b32 {string.Join(", ", Enumerable.Range(0, results).Select(i => "d" + i))};\n");
        text.Append("mov.u32 t, %tid.x; mul.wide.u32 o, t, 4; ld.param.u64 x, [d]; ld.param.u64 y, [s]; add.u64 x, x, o; add.u64 y, y, o;\n");
        var source = new List<uint>();
        for (int f = 0; f < 3; f++)
        {
            for (int i = 0; i < fragments[f].Length; i++)
            {
                text.Append(null, $"ld.global.u32 {names[f]}{i}, [y+{source.Count * 4}];\n");
                source.AddRange(fragments[f][i]);
            }
        }
        string List(string name, int count) => "{" + string.Join(", ", Enumerable.Range(0, count).Select(i => name + i)) + "}";
        text.Append(
            null,
            $"{instruction} {List("d", results)}, {List("a", fragments[0].Length)}, {List("b", fragments[1].Length)}, {List("c", fragments[2].Length)};\n");
        for (int i = 0; i < results; i++) text.Append(null, $"st.global.u32 [x+{i * 128}], d{i};\n");
        var device = new TestDevice(text.Append("ret;\n}\n").ToString(), new ExecutionOptions { Workers = 1, IsTruncating = isTruncating });
        DeviceArray<uint> result = device.Allocate<uint>(32 * results);
        device.Launch("k", 1, 32, result, device.Upload(source.ToArray())).Clean();
        return [.. Enumerable.Range(0, results).Select(i => result.ToArray().Skip(32 * i).Take(32).ToArray())];
    }
}
