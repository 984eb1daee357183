namespace NativeDiffusion.Tensors;

/// <summary>
/// The interleaving of GEGLU's rows: the first half of each row group holds values, the second half the gates that belong to them, so that a product's
/// epilogue meets both in one tile.
/// </summary>
internal static class GateInterleaving
{
    /// <summary>The packed row of an output.</summary>
    /// <param name="output">In the checkpoint's order: all values, then all gates.</param>
    /// <param name="outputs">Values and gates together, even.</param>
    /// <param name="rowGroup">Rows of a group, even.</param>
    public static int RowOf(int output, int outputs, int rowGroup)
    {
        int half = rowGroup / 2, values = outputs / 2, value = output % values;
        return value / half * rowGroup + value % half + (output < values ? 0 : half);
    }
}
