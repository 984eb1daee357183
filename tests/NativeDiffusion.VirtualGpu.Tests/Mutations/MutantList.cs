using NativeDiffusion.Cuda.Compilation;
using NativeDiffusion.Cuda.Kernels;

namespace NativeDiffusion.VirtualGpu.Tests.Mutations;

/// <summary>
/// Mutants of the matrix product and of GroupNorm: all possible ones in the shipped PTX, and ten of each class, spread over files and locations.
/// </summary>
internal static class MutantList
{
    private const int OfEachClass = 10;

    // Fractions of its multiples lie apart from each other however many there are.
    private const double GoldenRatio = 0.6180339887498949;

    // Of five mutants of a class that both kernels have places for, two are GroupNorm's.
    private static readonly int[] s_groupNorm = [1, 3];

    private static readonly Lazy<IReadOnlyList<Mutant>> s_all = new(() => [.. Find()]);

    /// <summary>Every mutant of every class, by file and line.</summary>
    public static IReadOnlyList<Mutant> All => s_all.Value;

    /// <summary>The chosen hundred.</summary>
    public static IReadOnlyList<Mutant> Chosen { get; } = [.. Enum.GetValues<MutationClass>().SelectMany(Choose)];

    private static IEnumerable<Mutant> Find() =>
        from variant in (KernelVariant[])[.. GemmVariant.All.Select(variant => variant.Compilation), GroupNormKernel.Variant]
        from capability in KernelList.ShippedPtx.Capabilities
        where variant.Fits(capability)
        from entry in PtxEntry.All(Mutant.Read(variant, capability))
        from mutation in (Mutation[])[.. SynchronizationMutations.Of(
            entry), .. ArithmeticMutations.Of(entry), .. AddressMutations.Of(entry), .. NonCoherentMutations.Of(entry)]
        select new Mutant(variant, capability, mutation);

    private static IEnumerable<Mutant> Choose(MutationClass kind)
    {
        Mutant[][] files = [.. All.Where(mutant => mutant.Mutation.Class == kind).GroupBy(mutant => mutant.File).Select(file => file.ToArray())];
        Mutant[][] norms = [.. files.Where(file => file[0].Variant.Equals(GroupNormKernel.Variant))], products = [.. files.Except(norms)];
        var chosen = new HashSet<Mutant>();
        for (int i = 0; i < OfEachClass; i++)
        {
            bool isNorm = products.Length == 0 || (norms.Length > 0 && s_groupNorm.Contains(i % 5));
            Mutant[] file = isNorm ? norms[i % norms.Length] : products[(int)((i + 0.5) * products.Length / OfEachClass)];
            int place = (int)((i + 0.5) * GoldenRatio % 1 * file.Length);
            // Where a class has few places, the next one that is left.
            while (!chosen.Add(file[place])) place = (place + 1) % file.Length;
            yield return file[place];
        }
    }
}
