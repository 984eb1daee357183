namespace NativeDiffusion.VirtualGpu.Execution.Matrix;

/// <summary>
/// The position of each fragment element (PTX ISA, "Matrix fragments for mma"): with g = lane/4 and t = lane%4, a register of A holds row g
/// (or g+8) and the columns from t times the elements of a register on; B the same with rows for columns; C rows g, g+8, columns 2t, 2t+1.
/// </summary>
internal static class FragmentMap
{
    /// <summary>For register r, lane l, element e at [(r*32 + l)*perRegister + e]: k*M + row.</summary>
    public static int[] A(int rows, int depth, int perRegister)
    {
        int halves = rows / 8, registers = rows * depth / 32 / perRegister;
        var map = new int[registers * 32 * perRegister];
        for (int r = 0; r < registers; r++)
            for (int lane = 0; lane < 32; lane++)
                for (int e = 0; e < perRegister; e++)
                {
                    int row = (lane >> 2) + (8 * (r % halves));
                    int column = ((lane & 3) * perRegister) + e + (4 * perRegister * (r / halves));
                    map[(((r * 32) + lane) * perRegister) + e] = (column * rows) + row;
                }
        return map;
    }

    /// <summary>As for A: k*8 + column.</summary>
    public static int[] B(int depth, int perRegister)
    {
        int registers = depth * 8 / 32 / perRegister;
        var map = new int[registers * 32 * perRegister];
        for (int r = 0; r < registers; r++)
            for (int lane = 0; lane < 32; lane++)
                for (int e = 0; e < perRegister; e++)
                {
                    int row = ((lane & 3) * perRegister) + e + (4 * perRegister * r);
                    map[(((r * 32) + lane) * perRegister) + e] = (row * 8) + (lane >> 2);
                }
        return map;
    }

    /// <summary>For accumulator i of lane l at [i*32 + l]: column*M + row.</summary>
    public static int[] C(int rows)
    {
        int count = rows * 8 / 32;
        var map = new int[count * 32];
        for (int i = 0; i < count; i++)
            for (int lane = 0; lane < 32; lane++)
                map[(i * 32) + lane] = ((((lane & 3) * 2) + (i & 1)) * rows) + (lane >> 2) + (8 * (i >> 1));
        return map;
    }
}
