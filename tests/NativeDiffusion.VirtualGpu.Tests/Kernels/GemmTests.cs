using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Kernels;
using NativeDiffusion.VirtualGpu.Execution;

namespace NativeDiffusion.VirtualGpu.Tests.Kernels;

/// <summary>The matrix product's PTX, every variant for every capability that it ships for, against the sum in double.</summary>
public sealed class GemmTests
{
    /// <summary>Place of a variant in the list, and a capability.</summary>
    public static TheoryData<int, int> Variants()
    {
        var data = new TheoryData<int, int>();
        for (int i = 0; i < GemmVariant.All.Count; i++)
            foreach (int capability in KernelList.ShippedPtx.Capabilities.Where(GemmVariant.All[i].Compilation.Fits)) data.Add(i, capability);
        return data;
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Gemm_SmallIntegers_AreExact(int variant, int capability) => new GemmBattery(GemmVariant.All[variant], capability).CheckSmallIntegers();

    [Theory]
    [MemberData(nameof(Variants))]
    public void Gemm_HostileShapes_AreExact(int variant, int capability) => new GemmBattery(GemmVariant.All[variant], capability).CheckHostileShapes();

    [Theory]
    [MemberData(nameof(Variants))]
    public void Gemm_AtEveryEdge_IsExact(int variant, int capability) => new GemmBattery(GemmVariant.All[variant], capability).CheckEdges();

    [Theory]
    [MemberData(nameof(Variants))]
    public void Gemm_Silu_IsWithinRounding(int variant, int capability) => new GemmBattery(GemmVariant.All[variant], capability).CheckSilu();

    /// <summary>
    /// Sums are float32: each of the depth's 512 additions may be off by half a unit in the last place, by one where the tensor core cuts off.
    /// </summary>
    [Theory]
    [CombinatorialData]
    public void Gemm_Reals_AreWithinRoundingOfFloat([CombinatorialValues(75, 80, 90)] int capability, bool isTruncating)
    {
        int variant = Enumerable.Range(
            0, GemmVariant.All.Count).First(i => GemmVariant.All[i] is { IsFloat: true, IsAligned: true } candidate && candidate.Compilation.Fits(capability));
        var problem = new GemmProblem(40, 24, [320, 192], integers: false) { HasBias = true };
        double[] expected = problem.Expected();
        double[] actual = new GemmRun(GemmVariant.All[variant], capability, new ExecutionOptions { IsTruncating = isTruncating }).Launch(problem);
        double error = Math.Sqrt(expected.Zip(actual, (e, a) => (e - a) * (e - a)).Sum() / expected.Sum(e => e * e));
        Assert.InRange(error, 0, 512.0 / (1 << 24));
    }
}
