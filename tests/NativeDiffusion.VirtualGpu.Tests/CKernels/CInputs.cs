using System.Runtime.InteropServices;
using NativeDiffusion.VirtualGpu.Tests.Support;

namespace NativeDiffusion.VirtualGpu.Tests.CKernels;

/// <summary>The deterministic input words of kernels.</summary>
internal static class CInputs
{
    private const int Count = 2048;

    public static uint[] Make(CInput input)
    {
        var random = new Random(17);
        return input switch
        {
            CInput.Words => Mix(random, Interesting.Integers(32)),
            CInput.Singles => Mix(random, Interesting.Singles),
            CInput.Doubles => Words(Fill<double>(() => BitConverter.UInt64BitsToDouble(random.Next(3) == 0
                ? Interesting.Doubles[random.Next(Interesting.Doubles.Length)] : (ulong)random.NextInt64(long.MinValue, long.MaxValue)))),
            CInput.Arguments => Words(
                Fill<float>(() => Sign(random) * (float)Math.Pow(10, random.Next(3) == 0 ? (44 * random.NextDouble()) - 6 : (3 * random.NextDouble()) - 1.5))),
            CInput.SmallArguments => Words(Fill<float>(() => (float)((8 * random.NextDouble()) - 4))),
            _ => Words(Fill<double>(() => Sign(random) * Math.Pow(10, (7 * random.NextDouble()) - 2))),
        };
    }

    private static int Sign(Random random) => random.Next(2) == 0 ? 1 : -1;

    private static uint[] Mix(Random random, ulong[] interesting)
    {
        var words = new uint[Count];
        for (int i = 0; i < Count; i++) words[i] = random.Next(4) == 0 ? (uint)interesting[random.Next(interesting.Length)] : (uint)random.NextInt64(1L << 32);
        return words;
    }

    private static T[] Fill<T>(Func<T> next)
        where T : unmanaged
    {
        var values = new T[Count * sizeof(uint) / Marshal.SizeOf<T>()];
        for (int i = 0; i < values.Length; i++) values[i] = next();
        return values;
    }

    private static uint[] Words<T>(T[] values)
        where T : unmanaged => MemoryMarshal.Cast<T, uint>(values).ToArray();
}
