using System.Runtime.InteropServices;
using System.Security.Cryptography;
using NativeDiffusion.Cpu;
using NativeDiffusion.Tensors;
using NativeDiffusion.Testing;

namespace NativeDiffusion.Tests.Cpu;

/// <summary>A hash of every operation's output over its cases: equal hashes mean equal bytes.</summary>
internal static unsafe class OperationHashes
{
    /// <summary>One line "operation, case: hash" for each case.</summary>
    public static IReadOnlyList<string> Lines(int threads)
    {
        using var workers = new CpuWorkers(threads);
        return
        [
            .. Conv2dCases.All.Values.Concat(LinearCases.All.Values).Where(IsSmall).Select(sizes => Convolution(workers, sizes)),
            .. AdapterCases.All.Values.Where(sizes => IsSmall(sizes.Layer)).Select(sizes => Adapter(workers, sizes)),
            .. DownCases.All.Values.Select(sizes => Down(workers, sizes)),
            .. AttentionCases.All.Values.Select(sizes => Attend(workers, sizes)),
            .. GroupNormCases.All.Values.Select(sizes => Group(workers, sizes)),
            .. LayerNormCases.All.Values.Select(sizes => Layer(workers, sizes)),
            Activation(workers),
            Timesteps(workers),
        ];
    }

    // Without vector instructions every multiply-add is a call: a few million are sufficient.
    private static bool IsSmall(Conv2dCase sizes) => sizes.Rows * sizes.Depth * sizes.Outputs < 4_000_000;

    private static string Convolution(CpuWorkers workers, Conv2dCase sizes)
    {
        using var run = new Conv2dRun(sizes);
        using GuardedBuffer y = run.Forward(workers);
        return Line("conv2d", sizes.Name, y);
    }

    private static string Adapter(CpuWorkers workers, AdapterCase sizes)
    {
        using var run = new AdapterRun(workers, sizes);
        using GuardedBuffer y = run.Forward(workers);
        return Line("adapter", sizes.Name, y);
    }

    private static string Down(CpuWorkers workers, DownCase sizes)
    {
        using var run = new DownRun(workers, sizes);
        using GuardedBuffer y = run.Forward(workers);
        return Line("adapter's down", sizes.Name, y);
    }

    private static string Attend(CpuWorkers workers, AttentionCase sizes)
    {
        using var run = new AttentionRun(sizes);
        using GuardedBuffer y = run.Forward(workers);
        return Line("attention", sizes.Name, y);
    }

    private static string Group(CpuWorkers workers, GroupNormCase sizes)
    {
        using var run = new GroupNormRun(sizes);
        using GuardedBuffer y = run.Forward(workers);
        return Line("group norm", sizes.Name, y);
    }

    private static string Layer(CpuWorkers workers, LayerNormCase sizes)
    {
        using var run = new LayerNormRun(sizes);
        using GuardedBuffer y = run.Forward(workers);
        return Line("layer norm", sizes.Name, y);
    }

    private static string Activation(CpuWorkers workers)
    {
        using GuardedBuffer x = GuardedBuffer.Random(1, 4099, scale: 5);
        using var y = new GuardedBuffer(x.Count);
        Activate.Forward(workers, x.Pointer, y.Pointer, 1, x.Count, NativeDiffusion.Tensors.Activation.Silu);
        return Line("silu", "4099", y);
    }

    private static string Timesteps(CpuWorkers workers)
    {
        using GuardedBuffer timesteps = GuardedBuffer.Of([0, 1, 500.5f, 999]);
        using var y = new GuardedBuffer(4 * 320);
        TimestepEmbedding.Forward(workers, timesteps.Pointer, y.Pointer, 4, 320, flipSinToCos: true, freqShift: 0);
        return Line("timestep embedding", "320", y);
    }

    private static string Line(string operation, string name, GuardedBuffer y) =>
        $"{operation}, {name}: {Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(y.Span)), 0, 8)}";
}
