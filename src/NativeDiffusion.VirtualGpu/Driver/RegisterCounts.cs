using NativeDiffusion.VirtualGpu.Cubin;
using NativeDiffusion.VirtualGpu.Devices;
using NativeDiffusion.VirtualGpu.Estimates;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Driver;

/// <summary>
/// Registers of kernels. PTX does not determine them, the assembler does. Known are those of a cubin that was rejected on the same thread just
/// before (the PTX of the same compilation follows it), and those of PTX that ships with a program, from its budgets. All others are unknown: 0.
/// </summary>
internal sealed unsafe class RegisterCounts : IDisposable
{
    /// <summary>What follows the variant's name in the second line of shipped PTX.</summary>
    private const string ShippedMark = ", made by NVRTC ";
    private static readonly IReadOnlyDictionary<string, int> s_unknown = new Dictionary<string, int>();

    private readonly ThreadLocal<IReadOnlyDictionary<string, int>?> _refused = new();
    private readonly KernelBudgets? _budgets;

    /// <param name="budgets">Numbers of kernels whose PTX ships, or null if none are known.</param>
    public RegisterCounts(KernelBudgets? budgets) => _budgets = budgets;

    /// <summary>Records the registers of a rejected cubin.</summary>
    public void Note(byte* cubin, DeviceModel card)
    {
        _refused.Value = null;
        try
        {
            CubinFile file = CubinFile.Read(new ReadOnlySpan<byte>(cubin, ElfImage.Length(cubin)), "the cubin");
            // Code runs on later devices of the same major version; for others it says nothing.
            if (file.Architecture / 10 == card.Architecture / 10 && file.Architecture <= card.Architecture)
                _refused.Value = file.Kernels.ToDictionary(kernel => kernel.Name, kernel => kernel.Registers);
        }
        catch (CubinException)
        {
            // An unreadable cubin provides no counts; a device would reject it, too.
        }
    }

    /// <summary>The registers of a module's kernels, by name, as far as they are known.</summary>
    public IReadOnlyDictionary<string, int> Of(string text, PtxModule module, DeviceModel card)
    {
        IReadOnlyDictionary<string, int>? refused = _refused.Value;
        _refused.Value = null;
        string[] kernels = [.. module.Functions.Values.Where(function => function.IsEntry).Select(function => function.Name)];
        if (refused is not null && kernels.All(refused.ContainsKey)) return refused;
        return Variant(text) is { } variant && _budgets?.Kernels.FirstOrDefault(kernel => kernel.Variant == variant) is { } budget
            ? kernels.Select(name => (Name: name, Cubin: budget.CubinFor(name, card.Architecture)))
                .Where(one => one.Cubin is not null).ToDictionary(one => one.Name, one => one.Cubin!.Registers)
            : s_unknown;
    }

    public void Dispose() => _refused.Dispose();

    private static string? Variant(string text)
    {
        int start = text.IndexOf(
            '\n', StringComparison.Ordinal) + 1, mark = text.IndexOf(ShippedMark, start, Math.Min(text.Length - start, 200), StringComparison.Ordinal);
        return mark >= 0 && text.AsSpan(start).StartsWith("// ", StringComparison.Ordinal) ? text[(start + 3)..mark] : null;
    }
}
