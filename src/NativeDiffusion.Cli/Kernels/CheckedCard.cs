using System.Diagnostics.CodeAnalysis;
using NativeDiffusion.Cuda;
using NativeDiffusion.Cuda.Kernels;
using NativeDiffusion.Verification;
using NativeDiffusion.VirtualGpu;
using NativeDiffusion.VirtualGpu.Devices;
using NativeDiffusion.VirtualGpu.Estimates;

namespace NativeDiffusion.Cli.Kernels;

/// <summary>The card that kernels are checked on: one of this machine, or a virtual one, whose findings count as misses.</summary>
internal sealed class CheckedCard : IDisposable
{
    private const string Default = "cuda:0";
    private const string DefaultWithoutCard = "virtual:h100";

    private readonly VirtualCudaBackend? _virtual;
    private int _seen;

    private CheckedCard(ICudaBackend backend, string? card)
    {
        _virtual = backend as VirtualCudaBackend;
        Device = KernelDevice.Open(backend, card);
    }

    /// <summary>What cases run on.</summary>
    public KernelDevice Device { get; }

    /// <summary>The largest cases that run there within reason.</summary>
    public KernelCaseSize Largest => _virtual is null ? KernelCaseSize.Large : KernelCaseSize.Quick;

    /// <summary>The virtual card's findings since this was last asked; null for a real card.</summary>
    public Func<IReadOnlyList<string>>? NewFindings => _virtual is null ? null : () =>
    {
        string[] found = [.. _virtual.Driver.Findings.Skip(_seen).Select(finding => finding.Message)];
        _seen += found.Length;
        return found;
    };

    /// <summary>Opens a card.</summary>
    /// <param name="name">As <c>cuda:1</c> or <c>virtual:h100</c>; null for the first real one, else a virtual H100.</param>
    /// <exception cref="CliException">The name begins with something else.</exception>
    /// <exception cref="DeviceException">There is no such card.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The card that is returned disposes of its backend; without one it is disposed of here.")]
    public static CheckedCard Open(string? name)
    {
        var native = new NativeCudaBackend();
        name ??= native.CardCount > 0 ? Default : DefaultWithoutCard;
        string[] parts = name.Split(':', 2);
        string? card = parts.Length > 1 ? parts[1] : null;
        if (parts[0] == native.Name) return new CheckedCard(native, card);
        VirtualCudaBackend cards = VirtualCards();
        if (parts[0] == cards.Name) return OpenVirtual(cards, card);
        cards.Dispose();
        throw new CliException($"--device is '{name}', but kernels run on cuda:N or virtual:NAME, such as {Default} or {DefaultWithoutCard}.", ExitCodes.Usage);
    }

    /// <summary>Gives the card back.</summary>
    public void Dispose()
    {
        Device.Dispose();
        _virtual?.Dispose();
    }

    private static CheckedCard OpenVirtual(VirtualCudaBackend cards, string? card)
    {
        try
        {
            return new CheckedCard(cards, card);
        }
        catch
        {
            cards.Dispose();
            throw;
        }
    }

    // A finding is reported with its case, and the next case runs all the same.
    private static VirtualCudaBackend VirtualCards() => new(new VirtualGpuOptions
    {
        Devices = [DeviceModel.H100, .. DeviceModel.All.Where(model => model != DeviceModel.H100)],
        Budgets = KernelBudgets.Parse(KernelCatalog.ReadBudgets(), "the shipped budgets.json"),
        FailsOnFindings = false,
        KeepsLaunches = false,
    });
}
