using System.Runtime.InteropServices;
using NativeDiffusion.VirtualGpu.Execution.Matrix;

namespace NativeDiffusion.VirtualGpu.Tests.Matrix;

/// <summary>Whole vectors rearrange fragments to what the maps of the PTX ISA say, element by element, on every processor that has them.</summary>
public sealed unsafe class FragmentTests : IDisposable
{
    private const int Depth = 16;
    private const int Row = 32 * sizeof(uint);

    private readonly byte* _registers = (byte*)NativeMemory.AlignedAlloc(8 * Row, 64);
    private readonly float* _matrix = (float*)NativeMemory.AlignedAlloc(16 * Depth * sizeof(float), 64);

    public FragmentTests()
    {
        var random = new Random(5);
        random.NextBytes(new Span<byte>(_registers, 8 * Row));
        new Span<float>(_matrix, 16 * Depth).Clear();
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_registers);
        NativeMemory.AlignedFree(_matrix);
    }

    [Theory]
    [CombinatorialData]
    public void Fragments_ComeWhereTheMapsSay(bool isTransposed, [CombinatorialValues(0, 1)] int type)
    {
        Assert.SkipUnless(isTransposed ? FragmentTranspose.IsSupported : FragmentShuffle.IsSupported, "This processor has no such vectors.");
        // Registers need not lie in order.
        int[] places = [3 * Row, 0, 2 * Row, 1 * Row], two = places[..2];
        var element = (ElementType)type;

        if (isTransposed) FragmentTranspose.GatherA(element, _registers, places, _matrix);
        else FragmentShuffle.GatherA(element, _registers, places, _matrix);
        Compare(element, places, FragmentMap.A(16, Depth, 2), 16 * Depth);
        if (isTransposed) FragmentTranspose.GatherB(element, _registers, two, _matrix);
        else FragmentShuffle.GatherB(element, _registers, two, _matrix);
        Compare(element, two, FragmentMap.B(Depth, 2), 8 * Depth);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Accumulators_GoThereAndBack(bool isTransposed)
    {
        Assert.SkipUnless(isTransposed ? FragmentTranspose.IsSupported : FragmentShuffle.IsSupported, "This processor has no such vectors.");
        int[] places = [3 * Row, 0, 2 * Row, 1 * Row], others = [5 * Row, 7 * Row, 4 * Row, 6 * Row];
        for (int i = 0; i < 4 * 32; i++) ((float*)_registers)[i] = i;

        if (isTransposed) FragmentTranspose.GatherC(_registers, places, _matrix);
        else FragmentShuffle.GatherC(_registers, places, _matrix);
        int[] map = FragmentMap.C(16);
        for (int i = 0; i < 4 * 32; i++) Assert.Equal(((float*)(_registers + places[i / 32]))[i % 32], _matrix[map[i]]);

        if (isTransposed) FragmentTranspose.ScatterD(_registers, others, _matrix);
        else FragmentShuffle.ScatterD(_registers, others, _matrix);
        for (int i = 0; i < 4; i++)
            Assert.Equal(new ReadOnlySpan<float>(_registers + places[i], 32), new ReadOnlySpan<float>(_registers + others[i], 32));
    }

    private void Compare(ElementType type, int[] places, int[] map, int count)
    {
        float[] expected = new float[count];
        for (int i = 0; i < places.Length; i++)
            for (int lane = 0; lane < 32; lane++)
                for (int e = 0; e < 2; e++)
                {
                    ushort bits = ((ushort*)(_registers + places[i]))[(2 * lane) + e];
                    expected[map[(((i * 32) + lane) * 2) + e]] = type == ElementType.Half ? (float)BitConverter.UInt16BitsToHalf(bits)
                        : BitConverter.UInt32BitsToSingle((uint)bits << 16);
                }
        Assert.Equal(expected, new ReadOnlySpan<float>(_matrix, count).ToArray());
    }
}
