using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Cuda.Kernels;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Verification;

/// <summary>A variant of the matrix product on one problem.</summary>
internal sealed class GemmCase(GemmVariant variant, string family, GemmProblem problem, string? name = null)
    : KernelCase<GemmProblem>(variant.Compilation, family, problem, name)
{
    private const int Cube = 1024;
    private const int UnalignedCube = 250;

    /// <summary>All variants' cases.</summary>
    public static IReadOnlyList<GemmCase> All { get; } =
        [.. from variant in GemmVariant.All
            from one in (GemmCase[])[.. Layers(variant), .. SmallIntegers(variant), .. HostileShapes(variant), .. Edges(variant), .. Reals(variant)]
            select one];

    internal override KernelCost Cost
    {
        get
        {
            double rows = Sizes.Rows, outputs = Sizes.Outputs, depth = Sizes.Depths.Sum(), resultBytes = rows * outputs * (variant.IsFloat ? sizeof(float) : 2);
            return new KernelCost(
                2 * rows * outputs * depth,
                (2 * (rows + outputs) * depth) + (Sizes.HasBias ? sizeof(float) * outputs : 0) + ((Sizes.HasResidual ? 2 : 1) * resultBytes));
        }
    }

    internal override Tolerance Tolerance
    {
        get
        {
            // Of a tensor core's sums each addition may be off by a whole unit in the last place where a rounded one is by half.
            Tolerance tolerance = !Sizes.HasIntegers ? Tolerance.Reduction(4L * Sizes.Depths.Sum())
                : Sizes.Activation == Activation.None ? Tolerance.Exact : Tolerance.SpecialFunction;
            return variant.IsFloat || tolerance == Tolerance.Exact ? tolerance : tolerance.InHalf();
        }
    }

    internal override IReadOnlyList<string> Entries(CudaDeviceProperties device) => ["gemm_f16"];

    internal override KernelRun Prepare(KernelDevice device, KernelMemory memory)
    {
        GemmKernel kernel = device.Kernel(variant.Compilation, loader => new GemmKernel(loader, variant));
        var data = new Lazy<GemmData>(() => new GemmData(Sizes));
        // Aligned operands keep their alignment; others have none. B's rows lie farther apart than A's.
        int gap = Sizes.IsDense ? 0 : variant.IsAligned ? 8 : 1;
        GemmSegments segments = Poisoned([.. Sizes.Depths.Select((depth, i) => new GemmSegment
        {
            A = memory.Rows(Sizes.Rows, depth, depth + gap, gap, () => data.Value.A[i]),
            B = memory.Rows(Sizes.Outputs, depth, depth + (2 * gap), gap, () => data.Value.B[i]),
            AStride = depth + gap, BStride = depth + (2 * gap), Depth = depth,
        })]);
        return variant.IsFloat ? Prepare(kernel, memory, segments, gap, data, value => (float)value)
            : Prepare(kernel, memory, segments, gap, data, value => value);
    }

    internal override double[] Expected()
    {
        var data = new GemmData(Sizes);
        double[] sums = new double[Sizes.Rows * Sizes.Outputs];
        for (int i = 0; i < Sizes.Depths.Count; i++)
        {
            double[] part = LinearReference.Forward(
                GemmData.Floats(data.A[i]), GemmData.Floats(data.B[i]), new float[Sizes.Outputs], Sizes.Rows, Sizes.Depths[i], Sizes.Outputs);
            for (int k = 0; k < sums.Length; k++) sums[k] += part[k];
        }

        double[] expected = EpilogueReference.Forward(
            sums, Sizes.HasBias ? data.Bias : [], [], Sizes.HasResidual ? GemmData.Floats(data.Residual) : [],
            Sizes.Activation, Sizes.Rows, Sizes.Rows, Sizes.Outputs);
        // An exact sum has one rounding, and that is exact, too.
        return variant.IsFloat || Tolerance != Tolerance.Exact ? expected : [.. expected.Select(value => (double)(Half)value)];
    }

    private KernelRun Prepare<T>(GemmKernel kernel, KernelMemory memory, GemmSegments segments, int gap, Lazy<GemmData> data, Func<Half, T> convert)
        where T : unmanaged, System.Numerics.INumberBase<T>
    {
        (int rows, int outputs, int stride) = (Sizes.Rows, Sizes.Outputs, Sizes.Outputs + gap);
        T[] Residual() => [.. data.Value.Residual.Select(convert)];
        bool isInPlace = Sizes.HasResidual && !Sizes.IsResidualApart;
        KernelOutput y = memory.Output<T>(rows, outputs, stride, gap, isInPlace ? Residual : null);
        var epilogue = new GemmEpilogue
        {
            Bias = Sizes.HasBias ? memory.Rows(1, outputs, outputs, gap, () => data.Value.Bias) : default,
            Residual = isInPlace ? y.Pointer : Sizes.HasResidual ? memory.Rows(rows, outputs, stride + gap, gap, Residual) : default,
            ResidualStride = isInPlace ? stride : Sizes.HasResidual ? stride + gap : 0,
            Activation = Sizes.Activation,
        };
        if (GemmKernel.IsAligned(segments, epilogue, y.Pointer, stride, outputs, variant.IsFloat) != variant.IsAligned)
            throw new InvalidOperationException($"{Name} is {(variant.IsAligned ? "not " : "")}aligned, so that the engine would not choose this variant.");
        return new KernelRun(queue => kernel.Launch(queue, segments, epilogue, y.Pointer, stride, rows, outputs), y);
    }

    // Absent segments hold invalid pointers: a kernel that reads one fails.
    private static GemmSegments Poisoned(GemmSegment[] segments)
    {
        var list = new GemmSegments(segments);
        int size = Unsafe.SizeOf<GemmSegment>();
        MemoryMarshal.AsBytes(new Span<GemmSegments>(ref list))[(segments.Length * size)..(GemmSegments.Most * size)].Fill(0x5A);
        return list;
    }

    private static IEnumerable<GemmCase> Layers(GemmVariant variant)
    {
        int size = variant.IsAligned ? Cube : UnalignedCube;
        yield return new GemmCase(variant, "layers", new GemmProblem(size, size, [size]) { HasBias = true, IsDense = true }, $"{size}x{size}x{size}")
        {
            Size = KernelCaseSize.Large,
            IsBudgeted = true,
        };
    }

    // Whole tiles and slices; then over every edge, with slices cut short and an empty segment.
    private static IEnumerable<GemmCase> SmallIntegers(GemmVariant variant)
    {
        GemmTile tile = variant.Tile;
        yield return new GemmCase(
            variant, "tiles", new GemmProblem(2 * tile.M, 2 * tile.N, [(2 * tile.Stages * tile.K) + tile.K, 2 * tile.K]) { HasBias = true });
        yield return new GemmCase(
            variant, "tiles", new GemmProblem(tile.M + 1, tile.N + 4, [tile.K + 8, 0, 8, (2 * tile.K) + 24]) { HasBias = true, HasResidual = true })
        {
            IsShuffled = true,
        };
        yield return new GemmCase(
            variant, "silu", new GemmProblem(5, 20, [40]) { HasBias = true, HasResidual = true, Activation = Activation.Silu });
    }

    private static IEnumerable<GemmCase> HostileShapes(GemmVariant variant)
    {
        GemmTile tile = variant.Tile;
        GemmProblem[] any =
        [
            new(1, 4, [8]),
            new(31, 12, [tile.K]) { HasResidual = true },
            new(tile.M - 1, tile.N, [tile.K * (tile.Stages + 2)]) { HasBias = true },
            new(tile.M, tile.N - 4, [tile.K * (tile.Stages + 2)]) { HasBias = true },
            new(33, tile.N, [0]) { HasBias = true, HasResidual = true },
            // Empty segments behind the first slices; last, with fewer segments than there may be, and as many.
            new(17, 12, [tile.K * tile.Stages, 0, 8]),
            new(17, 12, [8, 0]),
            new(17, 12, [8, 16, 8]),
            new(17, 12, [0, tile.K * tile.Stages, 8, 0]) { HasResidual = true },
            new(17, 12, [8, tile.K * tile.Stages, 0]),
        ];
        GemmProblem[] unaligned = variant.IsAligned ? [] :
        [
            new(1, 1, [1]),
            new(67, 65, [1, 31, 0, 33]) { HasBias = true, HasResidual = true },
            new(63, 77, [127, 2]) { HasBias = true },
        ];
        return any.Select(problem => new GemmCase(variant, "shapes", problem))
            .Concat(unaligned.Select(problem => new GemmCase(variant, "shapes", problem) { IsShuffled = true }));
    }

    // A matrix's edge wherever a copy, a load or a store of a thread has a test of its own, the other matrix's edge on its tile's. Slices enough
    // that those behind the first ones meet it, too.
    private static IEnumerable<GemmCase> Edges(GemmVariant variant)
    {
        GemmTile tile = variant.Tile;
        var problems = new List<GemmProblem>();
        int[] depths = [((tile.Stages + 1) * tile.K) + 8];
        for (int rows = 8; rows < tile.M; rows += 8)
            problems.Add(new GemmProblem(rows, tile.N, depths) { HasBias = true, HasResidual = true, IsResidualApart = true });
        for (int outputs = 4; outputs < tile.N; outputs += 4)
            problems.Add(new GemmProblem(tile.M, outputs, outputs % 16 == 0 ? depths : [8]) { HasBias = true, HasResidual = true });
        for (int outputs = 1; outputs < tile.N && !variant.IsAligned; outputs++)
            problems.Add(new GemmProblem(tile.M, outputs, [3]) { HasBias = true, HasResidual = true });
        // Every remainder of a chunk, in the first slices and in later ones.
        for (int rest = 1; rest < 8 && !variant.IsAligned; rest++)
            problems.Add(new GemmProblem(tile.M, tile.N, [rest, 2 * tile.K, (2 * tile.K) - rest, rest]));
        return problems.Select(problem => new GemmCase(variant, "edges", problem) { Size = KernelCaseSize.Thorough });
    }

    private static IEnumerable<GemmCase> Reals(GemmVariant variant) => variant is not { IsFloat: true, IsAligned: true } ? []
        : [new GemmCase(variant, "reals", new GemmProblem(40, 24, [320, 192]) { HasIntegers = false, HasBias = true })];
}
