using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Kernels;
using NativeDiffusion.Testing;
using NativeDiffusion.Testing.Kernels;
using NativeDiffusion.Verification;
using NativeDiffusion.VirtualGpu.Cubin;
using NativeDiffusion.VirtualGpu.Estimates;

namespace NativeDiffusion.VirtualGpu.Tests.Kernels;

/// <summary>
/// kernels/budgets.json holds what the kernels cost. With compilers at hand every kernel is compiled and held to it; without, the file must at
/// least be of the present sources. NDIFF_UPDATE_BUDGETS=1 and both compilers write it anew; its limits stay.
/// </summary>
public sealed class KernelBudgetTests
{
    private const string OldestVersion = "12.1";
    private const string NewestVersion = "13.5";

    private static readonly string s_file = Repository.PathOf("kernels", "budgets.json");

    // The two compilers overlap where they make the most of the same card.
    private static readonly (string Variable, string Version, int[] Capabilities)[] s_compilers =
        [(NvrtcVersions.Oldest, OldestVersion, [75, 80, 86, 89, 90]), (NvrtcVersions.Newest, NewestVersion, [90, 100, 120])];

    /// <summary>Compiler, version and capability: those that differ most in the daily run, all in the nightly one.</summary>
    public static TheoryData<string, string, int> Compilations() =>
        [.. s_compilers.SelectMany(compiler => compiler.Capabilities.Where(capability => NvrtcVersions.IsNightly || capability is 90 or 120)
            .Select(capability => (compiler.Variable, compiler.Version, capability))).Where(
                one => NvrtcVersions.IsNightly || one != (NvrtcVersions.Newest, NewestVersion, 90))];

    [Fact]
    public void Budgets_AreOfThePresentSources()
    {
        KernelBudgets budgets = Present();
        if (Environment.GetEnvironmentVariable("NDIFF_UPDATE_BUDGETS") == "1")
        {
            budgets =
                budgets with
                {
                    Kernels = [.. KernelList.All.OrderBy(
                variant => variant.Name, StringComparer.Ordinal).Select(variant => Update(variant, Present()))]
                };
            File.WriteAllText(s_file, budgets.Write());
        }

        List<string> wrong = [];
        foreach (KernelListing listing in KernelCatalog.All)
        {
            if (budgets.Kernels.FirstOrDefault(kernel => kernel.Variant == listing.Name) is not { } kernel)
                wrong.Add($"{listing.Name} is not in it");
            else if (kernel.Hash != listing.Hash)
                wrong.Add($"{listing.Name} was compiled from other sources or options");
        }

        wrong.AddRange(
            budgets.Kernels.Where(
            kernel => KernelCatalog.All.All(listing => listing.Name != kernel.Variant)).Select(kernel => $"{kernel.Variant} is no kernel any more"));
        Assert.True(wrong.Count == 0, $"kernels/budgets.json is out of date: {string.Join("; ", wrong)}. {HowToUpdate}");
    }

    [Fact]
    public void Budgets_KeepToTheirLimits()
    {
        KernelBudgets budgets = Present();

        string[] passed = [.. budgets.Kernels.SelectMany(kernel => kernel.Passed())];

        Assert.True(passed.Length == 0, string.Join('\n', passed));
        // Every kernel promises at least to spill nothing, and the products a pace.
        Assert.All(budgets.Kernels, kernel => Assert.Contains(kernel.Limits, limit => limit is { Name: "spills", Most: 0 }));
    }

    /// <summary>So every kernel has counted launches, and a benchmark: the same shapes are timed where there is a card.</summary>
    [Fact]
    public void Budgets_HaveALaunchOfEachEntry()
    {
        IEnumerable<string> without = Present().Kernels.SelectMany(
            kernel =>
            kernel.Cubins.Select(cubin => cubin.Entry).Except(kernel.Launches.Select(launch => launch.Entry)), (kernel, entry) => $"{kernel.Variant}: {entry}");

        Assert.Empty(without);
        Assert.Empty(KernelList.All.Except(LaunchCounts.Budgeted.Select(launch => launch.Variant)));
    }

    [Theory]
    [MemberData(nameof(Compilations))]
    public void Kernels_KeepToTheirBudgets(string variable, string version, int capability)
    {
        KernelCompiler compiler = NvrtcVersions.Compiler(variable);
        Assert.SkipUnless(compiler.Version == version, $"The budgets are of NVRTC {version}, this is {compiler.Version}.");
        KernelBudgets budgets = Present();

        var wrong = new System.Collections.Concurrent.ConcurrentBag<string>();
        Parallel.ForEach(KernelList.All.Where(variant => variant.Fits(capability)), variant =>
        {
            KernelBudget? budget = budgets.Kernels.FirstOrDefault(kernel => kernel.Variant == variant.Name);
            foreach (CubinBudget now in Measure(compiler, variant, capability))
            {
                CubinBudget? then = budget?.Cubins.FirstOrDefault(
                    cubin => cubin.Entry == now.Entry && cubin.Target == now.Target && cubin.Compiler == now.Compiler);
                if (now != then) wrong.Add($"{variant.Name}, {now.Entry}:\n  budget {then}\n  now    {now}");
            }
        });

        Assert.True(wrong.IsEmpty, $"Kernels cost something else than kernels/budgets.json says. {HowToUpdate}\n{string.Join('\n', wrong.Order())}");
    }

    [Theory]
    [MemberData(nameof(Launches))]
    public void Launches_KeepToTheirBudgets(string variant, string shape)
    {
        KernelCase launch = LaunchCounts.Budgeted.Single(launch => launch.Kernel == variant && launch.Problem == shape);
        KernelBudget? budget = Present().Kernels.FirstOrDefault(kernel => kernel.Variant == launch.Kernel);

        string then = Lines(budget?.Launches.Where(kept => kept.Shape == launch.Problem) ?? []), now = Lines(LaunchCounts.Count(launch));

        Assert.True(
            then == now,
            $"{launch.Kernel} on {launch.Problem} costs something else than kernels/budgets.json says. {HowToUpdate}\n  budget\n{then}\n  now\n{now}");
    }

    /// <summary>
    /// Numbers that were only counted are those of the whole computation with every check. One launch of each source file, all of them at night.
    /// </summary>
    [Theory]
    [MemberData(nameof(Computed))]
    public void Launches_CountTheSame_WhereTheyAreComputed(string variant, string shape)
    {
        KernelCase launch = LaunchCounts.Budgeted.Single(launch => launch.Kernel == variant && launch.Problem == shape);

        Assert.Equal(Lines(LaunchCounts.Count(launch)), Lines(LaunchCounts.Count(launch, new VirtualGpuOptions())));
    }

    public static TheoryData<string, string> Computed() =>
        [.. (NvrtcVersions.IsNightly ? LaunchCounts.Budgeted : LaunchCounts.Budgeted.DistinctBy(launch => launch.Variant.Source)).Select(
            launch => (launch.Kernel, launch.Problem))];

    public static TheoryData<string, string> Launches() => [.. LaunchCounts.Budgeted.Select(launch => (launch.Kernel, launch.Problem))];

    private static string HowToUpdate =>
        $"If that is meant, set NDIFF_UPDATE_BUDGETS=1, {NvrtcVersions.Oldest} and {NvrtcVersions.Newest}, run this class of tests, and commit the file with "
            + $"the change that it shows.";

    // The file in the checkout, not the copy inside the assembly, which is as old as the last build.
    private static KernelBudgets Present() => KernelBudgets.Parse(File.ReadAllText(s_file), "kernels/budgets.json");

    private static KernelBudget Update(KernelVariant variant, KernelBudgets old)
    {
        KernelBudget? before = old.Kernels.FirstOrDefault(kernel => kernel.Variant == variant.Name);
        var cubins = new List<CubinBudget>();
        foreach ((string variable, string version, int[] capabilities) in s_compilers)
        {
            KernelCompiler compiler = NvrtcVersions.Compiler(variable);
            Assert.Equal(version, compiler.Version);
            foreach (int capability in capabilities.Where(variant.Fits)) cubins.AddRange(Measure(compiler, variant, capability));
        }

        return new KernelBudget
        {
            Variant = variant.Name,
            Source = variant.Source,
            Hash = KernelCatalog.List(variant).Hash,
            Limits = before?.Limits ?? [new KernelLimit("spills", 0)],
            Cubins = [.. cubins.OrderBy(cubin => cubin.Entry, StringComparer.Ordinal)],
            Launches = [.. LaunchCounts.Budgeted.Where(launch => launch.Variant.Equals(variant)).SelectMany(LaunchCounts.Count)],
        };
    }

    // As the file has them, a line each.
    private static string Lines(IEnumerable<LaunchBudget> launches) =>
        string.Join('\n', new KernelBudgets { Kernels = [new KernelBudget { Variant = "", Source = "", Hash = "", Launches = [.. launches] }] }
        .Write().Split('\n').Where(line => line.Contains("\"entry\"", StringComparison.Ordinal)));

    private static IEnumerable<CubinBudget> Measure(KernelCompiler compiler, KernelVariant variant, int capability)
    {
        string target = $"sm_{capability}";
        CubinFile cubin = CubinFile.Read(compiler.Compile(variant, target).Image.Cubin.Span, $"{variant.Name}.{target}");
        return cubin.Kernels.Select(kernel => CubinBudget.Of(kernel, target, compiler.Version));
    }
}
