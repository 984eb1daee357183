using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Tests.Mutations;

/// <summary>Non-coherent loads where they are a defect: the kernel's contract lets the same launch write there.</summary>
internal static class NonCoherentMutations
{
    // The residual of a product may be its result; x may be normalized in place; moments of other blocks are read in the launch that writes them.
    private static readonly (string Entry, int Parameter, long Offset)[] s_written =
    [
        ("gemm_f16", 1, 8),
        ("group_norm_f16", 0, 0),
        ("group_norm_silu_f16", 0, 0),
        ("group_norm_apply_f16", 0, 0),
        ("group_norm_apply_silu_f16", 0, 0),
        ("group_norm_statistics_f16", 2, 0),
    ];

    public static IEnumerable<Mutation> Of(PtxEntry entry) =>
        from load in entry.Instructions
        where load.Opcode == "ld" && load.Has("global") && !load.Has("nc") && !load.Has("volatile")
        where entry.Sources([load.Operands[1]]).Any(source => IsWritten(entry, source))
        select entry.Replace(
            MutationClass.NonCoherentLoad, load, entry.Text(
            load).Replace(load.Has("cg") ? ".cg" : ".global", load.Has("cg") ? ".cg.nc" : ".global.nc", StringComparison.Ordinal));

    private static bool IsWritten(PtxEntry entry, PtxInstruction source)
    {
        if (source.Opcode != "ld" || !source.Has("param") || source.Type != PtxType.U64) return false;
        var address = (PtxOperand.Address)source.Operands[1];
        IEnumerable<PtxOperand> roots = [address.Base, .. entry.Sources([address.Base]).SelectMany(one => one.Operands)];
        string name = entry.Function.Name;
        return s_written.Any(one => one.Entry == name && one.Offset == address.Offset
            && roots.OfType<PtxOperand.Symbol>().Any(symbol => symbol.Name == $"{name}_param_{one.Parameter}"));
    }
}
