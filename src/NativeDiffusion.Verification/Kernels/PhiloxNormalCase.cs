using System.Globalization;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.Cuda.Kernels;
using NativeDiffusion.Randomness;

namespace NativeDiffusion.Verification;

/// <summary>One call of a source of normal numbers.</summary>
/// <param name="Count">How many numbers.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Call">The call, from 0: as many of the same length were before it.</param>
/// <param name="Card">Torch's source, on a card of so many threads; null for A1111's NV.</param>
internal sealed record PhiloxNormalProblem(int Count, ulong Seed, int Call, CudaThreads? Card = null)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Count} {(Card is { } card ? $"torch, {card.Capacity} threads" : "nv")}, seed {Seed}, call {Call}");
}

/// <summary>The card's normal numbers on one problem: the bits of the CPU's source, which is the reference.</summary>
internal sealed class PhiloxNormalCase(string family, PhiloxNormalProblem problem, string? name = null)
    : KernelCase<PhiloxNormalProblem>(PhiloxNormalKernel.Variant, family, problem, name)
{
    private const int Latent = 16384;
    private const ulong Seed = 42;

    /// <summary>All cases.</summary>
    public static IReadOnlyList<PhiloxNormalCase> All { get; } =
    [
        .. from one in (IEnumerable<(int Count, ulong Seed)>)[(1, 1), (1000, Seed), (Latent, ulong.MaxValue)]
           from call in (int[])[0, 1]
           select new PhiloxNormalCase("nv", new PhiloxNormalProblem(one.Count, one.Seed, call)),
        // A card of 512 threads: calls of one round, of several, and one that ends inside a round.
        .. from count in (int[])[5, 512, 2048, 4999]
           from call in (int[])[0, 1]
           select new PhiloxNormalCase("torch", new PhiloxNormalProblem(count, 1234, call, new CudaThreads(2, 256))),
        // The latents of 512 x 512 pixels.
        new("layers", new PhiloxNormalProblem(Latent, Seed, 0, new CudaThreads(Latent / 4 / 2048, 2048)), $"{Latent} torch") { IsBudgeted = true },
        new("layers", new PhiloxNormalProblem(Latent, Seed, 0), $"{Latent} nv") { IsBudgeted = true },
    ];

    /// <summary>Ten rounds of Philox are integers: a logarithm, a root, a sine and some ten products are the rest. A float is written.</summary>
    internal override KernelCost Cost => new(13.0 * Sizes.Count, sizeof(float) * (double)Sizes.Count);

    internal override Tolerance Tolerance => Tolerance.Exact;

    internal override IReadOnlyList<string> Entries(CudaDeviceProperties device) => [Sizes.Card is null ? "philox_normal_nv_f32" : "philox_normal_torch_f32"];

    internal override KernelRun Prepare(KernelDevice device, KernelMemory memory)
    {
        PhiloxNormalKernel kernel = device.Kernel(Variant, loader => new PhiloxNormalKernel(loader));
        KernelOutput y = memory.Output<float>(1, Sizes.Count, Sizes.Count);
        if (Sizes.Card is not { } card) return new KernelRun(queue => kernel.LaunchNv(queue, y.Pointer, Sizes.Seed, (ulong)Sizes.Call, Sizes.Count), y);
        long threads = card.For(Sizes.Count), rounds = ((Sizes.Count - 1) / (4 * threads)) + 1;
        return new KernelRun(queue => kernel.LaunchTorch(queue, y.Pointer, Sizes.Seed, (ulong)(Sizes.Call * rounds), Sizes.Count, threads), y);
    }

    internal override double[] Expected()
    {
        INoiseSource source = Sizes.Card is { } card ? new TorchCudaNoise(Sizes.Seed, card) : new NvNoise(Sizes.Seed);
        float[] values = new float[Sizes.Count];
        for (int call = 0; call <= Sizes.Call; call++) source.Normal(values);
        return [.. values.Select(value => (double)value)];
    }
}
