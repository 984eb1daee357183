namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>Masks of lanes of 64 bits as masks of their halves.</summary>
internal static class Pairs
{
    /// <summary>Each of the lower sixteen bits twice.</summary>
    public static uint Spread(uint mask)
    {
        uint x = mask & 0xFFFF;
        x = (x | (x << 8)) & 0x00FF_00FF;
        x = (x | (x << 4)) & 0x0F0F_0F0F;
        x = (x | (x << 2)) & 0x3333_3333;
        x = (x | (x << 1)) & 0x5555_5555;
        return x | (x << 1);
    }
}
