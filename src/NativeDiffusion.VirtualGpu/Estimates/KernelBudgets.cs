using System.Text.Json;

namespace NativeDiffusion.VirtualGpu.Estimates;

/// <summary>
/// The numbers of all kernels, kept in kernels/budgets.json: what compilers made of each variant, and what launches of it did on the virtual GPU.
/// All are exact and repeatable, so a kernel that got slower is seen without a card. The file holds a record a line, so that a change reads well.
/// </summary>
public sealed record KernelBudgets
{
    private const int Version = 1;

    /// <summary>The layout's version.</summary>
    public int Format { get; init; } = Version;

    /// <summary>The kernels' variants, by name.</summary>
    public IReadOnlyList<KernelBudget> Kernels { get; init; } = [];

    /// <summary>The numbers of the kernels that this version carries.</summary>
    public static KernelBudgets Shipped()
    {
        using Stream stream = typeof(KernelBudgets).Assembly.GetManifestResourceStream("NativeDiffusion.VirtualGpu.budgets.json")!;
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd(), "the shipped budgets.json");
    }

    /// <summary>Reads the file's text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">What to call it in errors.</param>
    /// <exception cref="FormatException">It is no such text, or of a later layout.</exception>
    public static KernelBudgets Parse(string text, string name)
    {
        KernelBudgets? budgets;
        try
        {
            budgets = JsonSerializer.Deserialize(text, BudgetJson.Default.KernelBudgets);
        }
        catch (JsonException exception)
        {
            throw new FormatException($"{name} is not a file of kernel budgets: {exception.Message}", exception);
        }

        if (budgets is null || budgets.Format != Version)
            throw new FormatException($"{name} has layout {budgets?.Format ?? 0}; this version reads layout {Version}.");
        return budgets;
    }

    /// <summary>The file's text: a line for each compiler's and each launch's numbers.</summary>
    public string Write() =>
        $$"""
        {
          "format": {{Format}},
          "kernels": [{{List(Kernels, "    ", Write)}}]
        }

        """;

    private static string Write(KernelBudget kernel) =>
        $$"""
        {
              "variant": "{{JsonEncodedText.Encode(kernel.Variant)}}",
              "source": "{{JsonEncodedText.Encode(kernel.Source)}}",
              "hash": "{{JsonEncodedText.Encode(kernel.Hash)}}",
              "limits": [{{List(kernel.Limits, "        ", limit => JsonSerializer.Serialize(limit, BudgetJson.Default.KernelLimit))}}],
              "cubins": [{{List(kernel.Cubins, "        ", cubin => JsonSerializer.Serialize(cubin, BudgetJson.Default.CubinBudget))}}],
              "launches": [{{List(kernel.Launches, "        ", launch => JsonSerializer.Serialize(launch, BudgetJson.Default.LaunchBudget))}}]
            }
        """;

    // Each item on a line of its own, the closing bracket two steps to the left.
    private static string List<T>(IReadOnlyList<T> items, string indent, Func<T, string> write) =>
        items.Count == 0 ? "" : $"\n{string.Join(",\n", items.Select(item => indent + write(item)))}\n{indent[2..]}";
}
