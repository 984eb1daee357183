using NativeDiffusion.Cli.Output;
using NativeDiffusion.Cuda.Kernels;
using NativeDiffusion.VirtualGpu.Cubin;
using NativeDiffusion.VirtualGpu.Estimates;

namespace NativeDiffusion.Cli.Kernels;

/// <summary>The source of a profile's numbers: a compilation made now, or the shipped ones. Launch counters are always the shipped ones.</summary>
internal sealed class ProfileSource
{
    private readonly KernelBudgets _budgets;
    private readonly KernelCatalogCompiler? _compiler;
    private readonly int _capability;

    public ProfileSource(KernelBudgets budgets, KernelCatalogCompiler? compiler, int capability)
    {
        _budgets = budgets;
        _capability = capability;
        _compiler = compiler is not null && compiler.Capabilities.Contains(capability) ? compiler : null;
        Origin = _compiler is not null
            ? $"compiled now with NVRTC {_compiler.Version}"
            : compiler is not null
                ? $"as committed: NVRTC {compiler.Version} does not support sm_{capability}"
                : "as committed with this version (NVRTC is not used)";
    }

    /// <summary>The origin of the machine code's numbers, in words.</summary>
    public string Origin { get; }

    /// <summary>The kernels of a name for the architecture, by name.</summary>
    public ProfiledKernel[] Read(string? name, IProgressView view, CancellationToken cancellation)
    {
        KernelListing[] listings = [.. KernelCatalog.All.Where(listing => listing.Fits(_capability)).OrderBy(listing => listing.Name, StringComparer.Ordinal)];
        KernelBudget[] budgets =
            [.. listings.Select(
            listing => _budgets.Kernels.FirstOrDefault(kernel => kernel.Variant == listing.Name)
            ?? new KernelBudget { Variant = listing.Name, Source = listing.Source, Hash = listing.Hash })];
        bool[] wanted = [.. budgets.Select(budget => IsWanted(budget, name))];
        var kernels = new ProfiledKernel?[listings.Length];
        int done = 0;
        var gate = new Lock();
        view.Stage("compiling kernels", wanted.Count(kernel => kernel));
        Parallel.For(0, listings.Length, new ParallelOptions { CancellationToken = cancellation }, i =>
        {
            if (!wanted[i]) return;
            IEnumerable<CubinBudget> cubins = _compiler is not null ? Compile(_compiler, listings[i])
                : budgets[i].Cubins.Select(cubin => cubin.Entry).Distinct().Select(entry => budgets[i].CubinFor(entry, _capability)).OfType<CubinBudget>();
            kernels[i] = new ProfiledKernel(
                listings[i].Name, listings[i].Source, [.. cubins.Where(cubin => IsWanted(budgets[i], name, cubin.Entry))],
                    [.. budgets[i].Launches.Where(launch => IsWanted(budgets[i], name, launch.Entry))]);
            lock (gate) view.Step(++done);
        });
        return [.. kernels.OfType<ProfiledKernel>()];
    }

    private IEnumerable<CubinBudget> Compile(KernelCatalogCompiler compiler, KernelListing listing)
    {
        string target = $"sm_{_capability}";
        return CubinFile.Read(compiler.Compile(listing, target), listing.Name).Kernels.Select(kernel => CubinBudget.Of(kernel, target, compiler.Version));
    }

    // The name of a kernel or source selects all of its entries; that of an entry selects it alone.
    private static bool IsWanted(KernelBudget budget, string? name) => IsNamed(budget, name) || budget.Cubins.Any(cubin => Begins(cubin.Entry, name!));

    private static bool IsWanted(KernelBudget budget, string? name, string entry) => IsNamed(budget, name) || Begins(entry, name!);

    private static bool IsNamed(KernelBudget budget, string? name) => name is null || Begins(budget.Variant, name) || budget.Source == name;

    private static bool Begins(string text, string name) => text.StartsWith(name, StringComparison.OrdinalIgnoreCase);
}
