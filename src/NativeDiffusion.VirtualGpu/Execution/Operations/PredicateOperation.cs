namespace NativeDiffusion.VirtualGpu.Execution.Operations;

/// <summary>Logic on predicates: and, or, xor, or a plain move of the first.</summary>
internal sealed unsafe class PredicateOperation(string function, int d, int a, bool isANegated, int b, bool isBNegated) : LaneOperation
{
    private readonly char _function = function[0];

    public override void Execute(Warp warp, byte* registers, uint mask)
    {
        uint x = *(uint*)(registers + a) ^ (isANegated ? uint.MaxValue : 0);
        uint y = *(uint*)(registers + b) ^ (isBNegated ? uint.MaxValue : 0);
        uint value = _function switch { 'a' => x & y, 'o' => x | y, 'x' => x ^ y, _ => x };
        uint* place = (uint*)(registers + d);
        *place = (*place & ~mask) | (value & mask);
    }
}
