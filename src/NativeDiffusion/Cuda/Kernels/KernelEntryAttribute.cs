namespace NativeDiffusion.Cuda.Kernels;

/// <summary>
/// Marks the method that launches one or more entries of a kernel source: its parameters from the first <see cref="Driver.DevicePointer"/> or
/// structure on are those of the entries, same names and order, and it passes them on as they are. A test compares the two.
/// </summary>
/// <param name="entries">Names of the entries, as <c>group_norm_f16</c>.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class KernelEntryAttribute(params string[] entries) : Attribute
{
    public IReadOnlyList<string> Entries { get; } = entries;
}
