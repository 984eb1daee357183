namespace NativeDiffusion.VirtualGpu.Lanes;

// Addresses of loops: what the compiled code calls directly and the plain executor calls through its operation. One wrapper struct an arity,
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
