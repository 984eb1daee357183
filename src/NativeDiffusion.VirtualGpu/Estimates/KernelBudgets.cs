using System.Text.Json;

namespace NativeDiffusion.VirtualGpu.Estimates;

/// <summary>
/// The numbers of a set of kernels, kept in a file beside them: compiler output of each variant, and the counters of its launches on the virtual GPU.
/// All are exact and repeatable, so a slower kernel is detected without a GPU. The file has one record per line, which makes diffs readable.
/// </summary>
public sealed record KernelBudgets
{
    private const int Version = 1;

    /// <summary>The layout's version.</summary>
    public int Format { get; init; } = Version;

    /// <summary>The kernels' variants, by name.</summary>
    public IReadOnlyList<KernelBudget> Kernels { get; init; } = [];

    /// <summary>Reads the file's text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">Its name in errors.</param>
    /// <exception cref="FormatException">It is not such a text, or of a later layout.</exception>
    public static KernelBudgets Parse(string text, string name)
    {
        KernelBudgets? budgets;
        try
        {
            budgets = JsonSerializer.Deserialize(text, BudgetJson.Default.KernelBudgets);
        }
        catch (JsonException exception)
        {
            throw new FormatException($"{name} is not a kernel budget file: {exception.Message}", exception);
        }

        if (budgets is null || budgets.Format != Version)
            throw new FormatException($"{name} has layout {budgets?.Format ?? 0}; expected layout {Version}.");
        return budgets;
    }

    /// <summary>The file's text: one line per compilation and per launch.</summary>
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

    // Each item on its own line, the closing bracket indented two less.
    private static string List<T>(IReadOnlyList<T> items, string indent, Func<T, string> write) =>
        items.Count == 0 ? "" : $"\n{string.Join(",\n", items.Select(item => indent + write(item)))}\n{indent[2..]}";
}
