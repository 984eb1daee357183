using NativeDiffusion.Cpu;
using NativeDiffusion.Cpu.Device;
using NativeDiffusion.Tensors;
using NativeDiffusion.Testing;
using NativeDiffusion.Verification;
using NativeDiffusion.Weights;
using Xunit;

namespace NativeDiffusion.Tests.Weights;

/// <summary>Every form of layout, laid out by the processor and read back by the layout's own map.</summary>
public sealed unsafe class WeightLayoutTests
{
    private static readonly WeightScope s_weights = new(new RecipeWeights("layouts."));
    private readonly Parameter _first = s_weights.Get("first", 40, 24, 3, 3);
    private readonly Parameter _second = s_weights.Get("second", 24, 40, 3, 3);

    [Theory]
    [InlineData("Matrix", 1, false)]
    [InlineData("Matrix", 9, false)]
    [InlineData("Matrix", 1, true)]
    [InlineData("Phases", 9, false)]
    [InlineData("Winograd", 9, false)]
    public void Layout_LaidOutAndReadBack_IsTheLinearMap(string form, int taps, bool gated)
    {
        int side = taps == 9 ? 3 : 1;
        Parameter a = s_weights.Get("a", 40, 24, side, side), b = s_weights.Get("b", 24, 32, side, side);
        // Joined by rows; of b some channels in the middle.
        var layout = new WeightLayout
        {
            Form = Enum.Parse<WeightForm>(form),
            Outputs = 64,
            Inputs = 24,
            Taps = taps,
            RowGroup = PackedMatrix.PanelWidth,
            InterleavesGates = gated,
            Blocks = [new WeightBlock(a, 0, 24, 0), new WeightBlock(b, 5, 24, 40)],
        };
        using var workers = new CpuWorkers(2);
        using var weights = new CpuWeights(workers);
        PackedMatrix packed = weights.Matrix(layout, this);
        Assert.Equal(layout.Bytes, packed.Bytes);
        Assert.Equal(layout.Bytes, weights.Bytes);

        foreach (WeightBlock block in layout.Blocks)
        {
            float[] numbers = block.Parameter.Read();
            for (int o = 0; o < block.Parameter.Shape[0]; o++)
                for (int c = 0; c < block.Inputs; c++)
                    AssertTaps(layout, packed, numbers, block, o, c);
        }
    }

    [Fact]
    public void Layout_BlocksSideBySideInDepth_EachAtItsPlace()
    {
        // Two adapters' Up factors, ranks 5 and 7, over the same outputs.
        Parameter a = s_weights.Get("up.a", 40, 5), b = s_weights.Get("up.b", 40, 7);
        var layout = new WeightLayout
        {
            Form = WeightForm.Matrix,
            Outputs = 40,
            Inputs = 12,
            RowGroup = PackedMatrix.PanelWidth,
            Blocks = [new WeightBlock(a, 0, 5, 0), new WeightBlock(b, 0, 7, 0, FirstDepth: 5)],
        };
        using var workers = new CpuWorkers(2);
        using var weights = new CpuWeights(workers);
        PackedMatrix packed = weights.Matrix(layout, this);
        foreach (WeightBlock block in layout.Blocks)
            for (int o = 0; o < 40; o++)
                for (int c = 0; c < block.Inputs; c++)
                    AssertTaps(layout, packed, block.Parameter.Read(), block, o, c);
    }

    [Fact]
    public void Layout_Vector_SumsBlocksThatMeet()
    {
        Parameter a = s_weights.Get("bias.a", 40), b = s_weights.Get("bias.b", 24), c = s_weights.Get("bias.c", 40);
        var layout = new WeightLayout
        {
            Form = WeightForm.Vector,
            Outputs = 64,
            Blocks = [new WeightBlock(a, 0, 1, 0), new WeightBlock(b, 0, 1, 40), new WeightBlock(c, 0, 1, 0)],
        };
        using var workers = new CpuWorkers(1);
        using var weights = new CpuWeights(workers);
        float[] made = weights.Vector(layout, this).Span(0, 64).ToArray();
        Assert.Equal([.. a.Read().Zip(c.Read(), (x, y) => x + y), .. b.Read()], made);
        Assert.Equal(64 * sizeof(float), layout.Bytes);
    }

    [Fact]
    public void Equals_ByValueWithParametersByIdentity()
    {
        WeightLayout one = Of(new WeightBlock(_first, 0, 24, 0)), same = Of(new WeightBlock(_first, 0, 24, 0));
        Assert.Equal(one, same);
        Assert.Equal(one.GetHashCode(), same.GetHashCode());
        Assert.Equal(one, Of(new WeightBlock(s_weights.Get("first", 40, 24, 3, 3), 0, 24, 0)));
        // The same name in another source, other channels, another place, another form, other gates.
        Parameter twin = new WeightScope(new RecipeWeights("other.")).Get("first", 40, 24, 3, 3);
        Assert.NotEqual(one, Of(new WeightBlock(twin, 0, 24, 0)));
        Assert.NotEqual(one, Of(new WeightBlock(_first, 8, 16, 0)));
        Assert.NotEqual(one, Of(new WeightBlock(_first, 0, 24, 0), new WeightBlock(_second, 0, 24, 40)));
        Assert.NotEqual(one, one with { Form = WeightForm.Winograd });
        Assert.NotEqual(one, one with { InterleavesGates = true });
        Assert.NotEqual(one, one with { Type = DType.Float16 });
    }

    // Keys and values joined to q of another source once came back as those of the first source that asked.
    [Fact]
    public void Cache_JoinedWeightsOfOtherSources_AreOthers()
    {
        Parameter q = s_weights.Get("q", 8, 8), k = s_weights.Get("k", 8, 8), otherK = new WeightScope(new RecipeWeights("other.")).Get("k", 8, 8);
        using var workers = new CpuWorkers(1);
        using var weights = new CpuWeights(workers);
        PackedMatrix one = weights.Matrix(Joined(q, k), this), two = weights.Matrix(Joined(q, otherK), this);
        Assert.NotSame(one, two);
        Assert.Equal(otherK.Read()[0], two.Panel(0)[8]);
        Assert.Equal(k.Read()[0], one.Panel(0)[8]);

        static WeightLayout Joined(Parameter q, Parameter k) => new()
        {
            Form = WeightForm.Matrix,
            Outputs = 16,
            Inputs = 8,
            RowGroup = PackedMatrix.PanelWidth,
            Blocks = [new WeightBlock(q, 0, 8, 0), new WeightBlock(k, 0, 8, 8)],
        };
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float16)]
    [InlineData(DType.BFloat16)]
    public void ReadBytes_OfAFile_KeepsItsHalvesAndConvertsTheRest(DType dtype)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("a.safetensors", RawSafetensors.Bytes("""{"a":{"dtype":"F16","shape":[3],"data_offsets":[0,6]}}""", [0, 0x3C, 1, 0, 0xFF, 0x7B]));
        using SafetensorsFile file = SafetensorsFile.Open(path);
        Parameter parameter = new WeightScope(file).Get("a", 3);
        byte[] bytes = new byte[3 * dtype.Size()];
        parameter.ReadBytes(dtype, bytes);
        byte[] expected = dtype switch
        {
            DType.Float16 => [0, 0x3C, 1, 0, 0xFF, 0x7B],
            DType.BFloat16 => [0x80, 0x3F, 0x80, 0x33, 0x80, 0x47],
            _ => [.. new[] { 1f, 5.9604645e-8f, 65504f }.SelectMany(BitConverter.GetBytes)],
        };
        Assert.Equal(expected, bytes);
    }

    private WeightLayout Of(params WeightBlock[] blocks) => new()
    {
        Form = WeightForm.Matrix,
        Outputs = 40,
        Inputs = 24,
        Taps = 9,
        RowGroup = PackedMatrix.PanelWidth,
        Blocks = [.. blocks],
    };

    private static void AssertTaps(WeightLayout layout, PackedMatrix packed, float[] numbers, WeightBlock block, int output, int channel)
    {
        TapMap map = layout.TapMap;
        int row = layout.RowOf(block.FirstOutput + output), inputs = block.Parameter.Shape[1], taps = layout.Taps;
        for (int i = 0; i < map.Rows; i++)
        {
            for (int j = 0; j < map.Rows; j++)
            {
                double expected = Enumerable.Range(0, taps)
                    .Sum(tap => map.Factor(i, j, tap) * numbers[((output * inputs + block.FirstInput + channel) * taps) + tap]);
                (int matrix, int tapOfMatrix) = Place(layout.Form, map, i, j);
                int depth = tapOfMatrix * layout.Inputs + block.FirstDepth + channel;
                float found = packed.Panel(row / PackedMatrix.PanelWidth, matrix)[depth * PackedMatrix.PanelWidth + row % PackedMatrix.PanelWidth];
                Assert.Equal((float)expected, found);
            }
        }
    }

    // Rows of the map are (phase, tap) for phases and points for Winograd.
    private static (int Matrix, int Tap) Place(WeightForm form, TapMap map, int i, int j) => form switch
    {
        WeightForm.Phases => (i / 2 * 2 + j / 2, i % 2 * 2 + j % 2),
        WeightForm.Winograd => (i * 4 + j, 0),
        _ => (0, i * map.Rows + j),
    };
}
