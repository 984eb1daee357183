namespace NativeDiffusion.VirtualGpu.Lanes;

// Function pointers of lane loops: called directly by compiled code and through an operation by the interpreter. One wrapper struct per arity,
// so that an operation with too few operands does not compile.

/// <summary>A loop from one source to a result.</summary>
internal readonly unsafe struct LaneFunction1(delegate*<byte*, byte*, uint, void> pointer)
{
    public delegate*<byte*, byte*, uint, void> Pointer => pointer;

    public static LaneFunction1 Scalar<TOperator, TResult, TA>()
        where TOperator : struct, ILane<TResult, TA>
        where TResult : unmanaged
        where TA : unmanaged => new(&LaneLoops.Run<TOperator, TResult, TA>);

    public static LaneFunction1 Scalar<TOperator>()
        where TOperator : struct, ILane<uint, uint> => new(&LaneLoops.Run<TOperator, uint, uint>);

    public static LaneFunction1 Vector32<TOperator>()
        where TOperator : struct, IVector1<uint> => new(&VectorLoops.Run32<TOperator>);

    public static LaneFunction1 Vector64<TOperator>()
        where TOperator : struct, IVector1<ulong> => new(&VectorLoops.Run64<TOperator>);
}
