using System.Globalization;
using NativeDiffusion.Cuda.Kernels;
using NativeDiffusion.VirtualGpu.Estimates;

namespace NativeDiffusion.Cli.Kernels;

/// <summary>Formatting of kernel numbers.</summary>
internal static class KernelText
{
    /// <summary>7.5 and later, 7.5, 8.0 to 8.9.</summary>
    public static string Capabilities(KernelListing kernel) => kernel.NewestCapability == int.MaxValue
        ? $"{Capability(kernel.OldestCapability)} and later"
        : kernel.NewestCapability == kernel.OldestCapability ? Capability(kernel.OldestCapability)
            : $"{Capability(kernel.OldestCapability)} to {Capability(kernel.NewestCapability)}";

    /// <summary>A count per tensor-core instruction, or a dash.</summary>
    public static string PerTensor(LoopBudget? loop, Func<LoopBudget, int> count) =>
        loop is { Tensor: > 0 } ? Number((double)count(loop) / loop.Tensor, "0.00") : "-";

    /// <summary>A count, or a dash.</summary>
    public static string Count(int? count) => count?.ToString(CultureInfo.InvariantCulture) ?? "-";

    /// <summary>A number in a format.</summary>
    public static string Number(double value, string format) => double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : "-";

    /// <summary>sm_90 as 90.</summary>
    /// <exception cref="CliException">It is none.</exception>
    public static int ParseArchitecture(string architecture) =>
        architecture.StartsWith("sm_", StringComparison.Ordinal) && int.TryParse(architecture.AsSpan(3), out int capability) && capability >= 75
            ? capability
            : throw new CliException($"--arch is '{architecture}', but must be sm_75 or later, such as sm_90.", ExitCodes.Usage);

    private static string Capability(int capability) => string.Create(CultureInfo.InvariantCulture, $"{capability / 10}.{capability % 10}");
}
