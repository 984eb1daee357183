using NativeDiffusion.VirtualGpu.Lanes;

namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>setp: p = (a ? b) join c, and with q also q = !(a ? b) join c.</summary>
/// <param name="test">The comparison.</param>
/// <param name="a">First source.</param>
/// <param name="b">Second source.</param>
/// <param name="p">Place of the predicate.</param>
/// <param name="q">Place of its opposite; -1 without.</param>
/// <param name="join">"and", "or", "xor", or empty.</param>
/// <param name="c">Place of the predicate that is joined.</param>
/// <param name="isCNegated">Whether that one is negated.</param>
internal sealed unsafe class CompareOperation(LaneTest test, int a, int b, int p, int q, string join, int c, bool isCNegated) : LaneOperation
{
    private readonly char _join = join.Length == 0 ? '\0' : join[0];

    public override void Execute(Warp warp, byte* registers, uint mask)
    {
        uint holds = test.Pointer(registers + a, registers + b, mask), fails = ~holds;
        if (_join != '\0')
        {
            uint other = *(uint*)(registers + c) ^ (isCNegated ? uint.MaxValue : 0);
            holds = Join(holds, other);
            fails = Join(fails, other);
        }
        uint* place = (uint*)(registers + p);
        *place = (*place & ~mask) | (holds & mask);
        if (q < 0) return;
        place = (uint*)(registers + q);
        *place = (*place & ~mask) | (fails & mask);
    }

    private uint Join(uint x, uint y) => _join switch { 'a' => x & y, 'o' => x | y, _ => x ^ y };
}
