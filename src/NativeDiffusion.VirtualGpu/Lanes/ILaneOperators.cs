using System.Runtime.Intrinsics;

namespace NativeDiffusion.VirtualGpu.Lanes;

// An instruction's arithmetic is a struct with one static function: for one lane, or for as many lanes as a vector holds. Lanes are uint for
// registers of up to 32 bits (zero above their width) and ulong for 64 bits; the operator interprets them.

/// <summary>One lane of a function of one argument.</summary>
internal interface ILane<TResult, TA>
{
    static abstract TResult Invoke(TA a);
}

/// <summary>One lane of a function of two arguments.</summary>
internal interface ILane<TResult, TA, TB>
{
    static abstract TResult Invoke(TA a, TB b);
}

/// <summary>One lane of a function of three arguments.</summary>
internal interface ILane<TResult, TA, TB, TC>
{
    static abstract TResult Invoke(TA a, TB b, TC c);
}

/// <summary>Several lanes at once of a function of one argument.</summary>
internal interface IVector1<T>
{
    static abstract Vector512<T> Invoke(Vector512<T> a);
}

/// <summary>Several lanes at once of a function of two arguments.</summary>
internal interface IVector2<T>
{
    static abstract Vector512<T> Invoke(Vector512<T> a, Vector512<T> b);
}

/// <summary>Several lanes at once of a function of three arguments.</summary>
internal interface IVector3<T>
{
    static abstract Vector512<T> Invoke(Vector512<T> a, Vector512<T> b, Vector512<T> c);
}
