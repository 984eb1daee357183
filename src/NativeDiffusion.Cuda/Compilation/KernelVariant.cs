using System.Globalization;

namespace NativeDiffusion.Cuda.Compilation;

/// <summary>
/// One compilation of a kernel source: tile, stages, head dimension and epilogue are compile-time constants, sizes never are, so the variants are
/// finite.
/// </summary>
public sealed class KernelVariant : IEquatable<KernelVariant>
{
    /// <param name="source">The file, as <c>gemm.cu</c>.</param>
    /// <param name="defines">Macros and their values, in the order in which they are passed to the compiler.</param>
    public KernelVariant(string source, params ReadOnlySpan<(string Name, int Value)> defines)
    {
        Source = source;
        Defines = [.. defines];
        Name = string.Join(
            '-', Defines.Select(define => define.Value.ToString(CultureInfo.InvariantCulture)).Prepend(Path.GetFileNameWithoutExtension(source)));
    }

    /// <summary>The file, as <c>gemm.cu</c>.</summary>
    public string Source { get; }

    /// <summary>Macros and their values.</summary>
    public IReadOnlyList<(string Name, int Value)> Defines { get; }

    /// <summary>A short name, as <c>gemm-128-128-32-4-2-2</c>.</summary>
    public string Name { get; }

    /// <summary>The oldest compute capability of the variant.</summary>
    public int OldestCapability { get; init; } = 75;

    /// <summary>The newest compute capability of the variant: newer GPUs have a better one.</summary>
    public int NewestCapability { get; init; } = int.MaxValue;

    /// <summary>Compiler options for the macros.</summary>
    public IEnumerable<string> Options => Defines.Select(define => string.Create(CultureInfo.InvariantCulture, $"-D{define.Name}={define.Value}"));

    /// <summary>True if the variant is for GPUs of the compute capability.</summary>
    public bool Fits(int capability) => capability >= OldestCapability && capability <= NewestCapability;

    /// <summary>True for the same source with the same macros.</summary>
    public bool Equals(KernelVariant? other) => other is not null && Source == other.Source && Defines.SequenceEqual(other.Defines);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as KernelVariant);

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <summary>The short name.</summary>
    public override string ToString() => Name;
}
