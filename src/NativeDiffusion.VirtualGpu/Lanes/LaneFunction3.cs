namespace NativeDiffusion.VirtualGpu.Lanes;

/// <summary>A loop from three sources to a result.</summary>
internal readonly unsafe struct LaneFunction3(delegate*<byte*, byte*, byte*, byte*, uint, void> pointer)
{
    public delegate*<byte*, byte*, byte*, byte*, uint, void> Pointer => pointer;

    public static LaneFunction3 Scalar<TOperator, TResult, TA, TB, TC>()
        where TOperator : struct, ILane<TResult, TA, TB, TC>
        where TResult : unmanaged
        where TA : unmanaged
        where TB : unmanaged
        where TC : unmanaged => new(&LaneLoops.Run<TOperator, TResult, TA, TB, TC>);

    public static LaneFunction3 Scalar<TOperator>()
        where TOperator : struct, ILane<uint, uint, uint, uint> => new(&LaneLoops.Run<TOperator, uint, uint, uint, uint>);

    public static LaneFunction3 Vector32<TOperator>()
        where TOperator : struct, IVector3<uint> => new(&VectorLoops.Run32<TOperator>);

    public static LaneFunction3 Vector64<TOperator>()
        where TOperator : struct, IVector3<ulong> => new(&VectorLoops.Run64<TOperator>);
}
