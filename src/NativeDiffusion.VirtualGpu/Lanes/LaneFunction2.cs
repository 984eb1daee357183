namespace NativeDiffusion.VirtualGpu.Lanes;

/// <summary>A loop from two sources to a result.</summary>
internal readonly unsafe struct LaneFunction2(delegate*<byte*, byte*, byte*, uint, void> pointer)
{
    public delegate*<byte*, byte*, byte*, uint, void> Pointer => pointer;

    public static LaneFunction2 Scalar<TOperator, TResult, TA, TB>()
        where TOperator : struct, ILane<TResult, TA, TB>
        where TResult : unmanaged
        where TA : unmanaged
        where TB : unmanaged => new(&LaneLoops.Run<TOperator, TResult, TA, TB>);

    public static LaneFunction2 Scalar<TOperator>()
        where TOperator : struct, ILane<uint, uint, uint> => new(&LaneLoops.Run<TOperator, uint, uint, uint>);

    public static LaneFunction2 Vector32<TOperator>()
        where TOperator : struct, IVector2<uint> => new(&VectorLoops.Run32<TOperator>);

    public static LaneFunction2 Vector64<TOperator>()
        where TOperator : struct, IVector2<ulong> => new(&VectorLoops.Run64<TOperator>);
}
