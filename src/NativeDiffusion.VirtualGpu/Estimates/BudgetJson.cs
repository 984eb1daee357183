using System.Text.Json.Serialization;

namespace NativeDiffusion.VirtualGpu.Estimates;

/// <summary>The layout of budgets.json, made at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(KernelBudgets))]
internal sealed partial class BudgetJson : JsonSerializerContext;
