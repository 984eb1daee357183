using System.Text.Json.Serialization;

namespace NativeDiffusion.VirtualGpu.Estimates;

/// <summary>The JSON source generation context of budgets.json.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(KernelBudgets))]
internal sealed partial class BudgetJson : JsonSerializerContext;
