using NativeDiffusion.Cuda.Kernels;
using NativeDiffusion.Testing.Kernels;
using NativeDiffusion.Verification;
using NativeDiffusion.VirtualGpu.Devices;

namespace NativeDiffusion.VirtualGpu.Tests.Kernels;

/// <summary>Every kernel's cases on cards of each capability that PTX ships for, against the reference in double, with all checks.</summary>
/// <param name="cards">The cards.</param>
public sealed class KernelCaseTests(KernelCards cards) : IClassFixture<KernelCards>
{
    /// <summary>Cases by kernel and family, on a capability, in the friendly schedule and (where one is shuffled) in a random one.</summary>
    public static TheoryData<string, string, int, bool> Families()
    {
        var data = new TheoryData<string, string, int, bool>();
        foreach (IGrouping<(string Kernel, string Family), KernelCase> family in Executed.GroupBy(one => (one.Kernel, one.Family)))
            foreach (int capability in KernelList.ShippedPtx.Capabilities.Where(family.First().Variant.Fits))
                foreach (bool isShuffled in (bool[])[false, true])
                    if (!isShuffled || family.Any(one => one.IsShuffled)) data.Add(family.Key.Kernel, family.Key.Family, capability, isShuffled);
        return data;
    }

    private static IEnumerable<KernelCase> Executed => KernelCases.All.Where(one => one.Size != KernelCaseSize.Large);

    [Theory]
    [MemberData(nameof(Families))]
    public void Cases_MatchTheReference(string kernel, string family, int capability, bool isShuffled)
    {
        VirtualKernelDevice card = cards.Card(capability, isShuffled);
        foreach (KernelCase one in Executed.Where(one => one.Kernel == kernel && one.Family == family && (one.IsShuffled || !isShuffled)))
        {
            if (!one.Fits(card.Device.Properties)) continue;
            card.Check(one);
            Assert.True(!kernel.StartsWith("gemm", StringComparison.Ordinal) || card.Launches[0].BankConflicts == 0, $"{one.Name}: bank conflicts.");
        }
    }

    /// <summary>Sums of a tensor core that cuts off instead of rounding, as hardware does.</summary>
    [Theory]
    [InlineData(75)]
    [InlineData(80)]
    [InlineData(90)]
    public void Reals_OfATruncatingCard_MatchTheReference(int capability)
    {
        using var card = new VirtualKernelDevice(VirtualKernelDevice.Card(capability) with { IsTruncating = true });

        Assert.All(GemmCase.All.Where(one => !one.Sizes.HasIntegers && one.Fits(card.Device.Properties)), card.Check);
    }

    [Fact]
    public void Names_TellCasesApart() => Assert.Empty(KernelCases.All.GroupBy(one => one.Name).Where(same => same.Count() > 1).Select(same => same.Key));

    /// <summary>Every kernel has cases, every entry is launched by one that is executed, and every case is one that some card runs.</summary>
    [Fact]
    public void Cases_LaunchEveryEntry()
    {
        using var card = new VirtualKernelDevice(VirtualKernelDevice.Card(DeviceModel.H100.Architecture));
        IEnumerable<string> entries = Executed.Where(one => one.Fits(card.Device.Properties)).SelectMany(one => one.Entries(card.Device.Properties));

        Assert.Empty(KernelList.All.Except(KernelCases.All.Select(one => one.Variant)));
        Assert.Empty(ShippedBudgets.All.Kernels.SelectMany(kernel => kernel.Cubins.Select(cubin => cubin.Entry)).Except(entries));
    }

    /// <summary>A miss says of what: kernel, problem, entry, element, both values and the tolerance.</summary>
    [Fact]
    public void Miss_NamesItsCase()
    {
        VerifyResult result = WorstElement.Judge([1, 2, 3, 4], [1, 2, 3.5, 4.25], Tolerance.Exact, 2, "softmax, 2x2, softmax_f16");

        Assert.Equal((VerifyVerdict.Missed, 0.5, 0), (result.Verdict, result.Error, result.Budget));
        Assert.Equal("softmax, 2x2, softmax_f16: y[1, 0] is 3.5, expected 3, tolerance 0 (exact)", result.Detail);
        Assert.Equal(VerifyVerdict.Missed, WorstElement.Judge([1, 2], [1, double.NaN], Tolerance.Reduction(1000), 2, "").Verdict);
        Assert.Equal(VerifyVerdict.Passed, WorstElement.Judge([double.NaN, 2], [double.NaN, 2], Tolerance.Exact, 2, "").Verdict);
    }
}

/// <summary>Cards that keep the kernels they loaded from one test to the next.</summary>
public sealed class KernelCards : IDisposable
{
    private readonly Dictionary<(int, bool), VirtualKernelDevice> _cards = [];

    public void Dispose()
    {
        foreach (VirtualKernelDevice card in _cards.Values) card.Dispose();
    }

    internal VirtualKernelDevice Card(int capability, bool isAdversarial)
    {
        if (!_cards.TryGetValue((capability, isAdversarial), out VirtualKernelDevice? card))
            _cards.Add((capability, isAdversarial), card = new VirtualKernelDevice(VirtualKernelDevice.Card(capability, isAdversarial)));
        return card;
    }
}
