namespace NativeDiffusion.VirtualGpu.Lanes;

/// <summary>A comparison of two sources.</summary>
internal readonly unsafe struct LaneTest(delegate*<byte*, byte*, uint, uint> pointer)
{
    public delegate*<byte*, byte*, uint, uint> Pointer => pointer;

    public static LaneTest Scalar<TOperator, TA>()
        where TOperator : struct, ILane<bool, TA, TA>
        where TA : unmanaged => new(&LaneLoops.Test<TOperator, TA>);

    public static LaneTest Vector32<TOperator>()
        where TOperator : struct, IVector2<uint> => new(&VectorLoops.Test32<TOperator>);

    public static LaneTest Vector64<TOperator>()
        where TOperator : struct, IVector2<ulong> => new(&VectorLoops.Test64<TOperator>);
}
