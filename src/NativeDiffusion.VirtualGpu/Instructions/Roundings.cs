using NativeDiffusion.VirtualGpu.Numerics;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Instructions;

/// <summary>The rounding mode that an instruction names.</summary>
internal static class Roundings
{
    /// <summary>.rn, .rz, .rm, .rp; to nearest by default.</summary>
    public static Rounding Of(PtxInstruction i)
    {
        foreach (string modifier in i.Modifiers)
        {
            switch (modifier)
            {
                case "rn" or "rni":
                    return Rounding.Nearest;
                case "rna":
                    return Rounding.NearestAway;
                case "rz" or "rzi":
                    return Rounding.Zero;
                case "rm" or "rmi":
                    return Rounding.Down;
                case "rp" or "rpi":
                    return Rounding.Up;
                case "rs":
                    throw i.Refuse("stochastic rounding is not supported.");
                default:
                    break;
            }
        }
        return Rounding.Nearest;
    }
}
