using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using NativeDiffusion.VirtualGpu.Lanes;

namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>lop3: for each bit position, the three source bits index the table.</summary>
internal sealed unsafe class TableOperation : LaneOperation
{
    private readonly uint[] _terms = new uint[8];
    private readonly int _d;
    private readonly int _a;
    private readonly int _b;
    private readonly int _c;

    public TableOperation(int table, int d, int a, int b, int c)
    {
        for (int k = 0; k < 8; k++) _terms[k] = (table >> k & 1) != 0 ? uint.MaxValue : 0;
        (_d, _a, _b, _c) = (d, a, b, c);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Execute(Warp warp, byte* registers, uint mask)
    {
        for (int part = 0; part < 2; part++)
        {
            var a = Vector512.Load((uint*)(registers + _a) + (16 * part));
            var b = Vector512.Load((uint*)(registers + _b) + (16 * part));
            var c = Vector512.Load((uint*)(registers + _c) + (16 * part));
            // The table's index is 4a + 2b + c: a multiplexer on c, then on b, then on a.
            Vector512<uint> low = Vector512.ConditionalSelect(b, Pick(c, 2), Pick(c, 0));
            Vector512<uint> high = Vector512.ConditionalSelect(b, Pick(c, 6), Pick(c, 4));
            LaneMask.Blend(Vector512.ConditionalSelect(a, high, low), registers + _d, mask, part);
        }
    }

    private Vector512<uint> Pick(Vector512<uint> c, int term) =>
        Vector512.ConditionalSelect(c, Vector512.Create(_terms[term + 1]), Vector512.Create(_terms[term]));
}
