using NativeDiffusion.VirtualGpu.Execution.Operations;
using NativeDiffusion.VirtualGpu.Lanes;
using NativeDiffusion.VirtualGpu.Lowering;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Instructions;

/// <summary>prmt: any four of eight bytes, each as it is or filled with its sign.</summary>
internal static class Permutation
{
    public static void Lower(PtxInstruction i, FunctionLowering context)
    {
        string mode = i.Modifiers.Count > 1 ? i.Modifiers[1] : "";
        LaneFunction3 function = mode switch
        {
            "" => LaneFunction3.Scalar<Select>(),
            "f4e" => LaneFunction3.Scalar<Forward>(),
            "b4e" => LaneFunction3.Scalar<Backward>(),
            "rc8" => LaneFunction3.Scalar<Replicate8>(),
            "ecl" => LaneFunction3.Scalar<EdgeLeft>(),
            "ecr" => LaneFunction3.Scalar<EdgeRight>(),
            "rc16" => LaneFunction3.Scalar<Replicate16>(),
            _ => throw i.Refuse($"mode '.{mode}' is not known."),
        };
        context.Add(new TernaryOperation(
            function, context.Destination(i, 0, 32), context.Source(i, 1, PtxType.B32), context.Source(i, 2, PtxType.B32), context.Source(i, 3, PtxType.B32)));
    }

    private static uint Gather(uint a, uint b, int n0, int n1, int n2, int n3)
    {
        ulong bytes = ((ulong)b << 32) | a;
        return (uint)((bytes >> (8 * n0)) & 255) | ((uint)((bytes >> (8 * n1)) & 255) << 8) | ((uint)((bytes >> (8 * n2)) & 255) << 16)
            | ((uint)((bytes >> (8 * n3)) & 255) << 24);
    }

    internal readonly struct Select : ILane<uint, uint, uint, uint>
    {
        public static uint Invoke(uint a, uint b, uint c)
        {
            ulong bytes = ((ulong)b << 32) | a;
            uint result = 0;
            for (int k = 0; k < 4; k++)
            {
                uint selector = c >> (4 * k);
                uint value = (uint)(bytes >> (int)(8 * (selector & 7))) & 255;
                if ((selector & 8) != 0) value = (value & 0x80) != 0 ? 255u : 0u;
                result |= value << (8 * k);
            }
            return result;
        }
    }

    internal readonly struct Forward : ILane<uint, uint, uint, uint>
    {
        public static uint Invoke(uint a, uint b, uint c)
        {
            int n = (int)(c & 3);
            return Gather(a, b, n, n + 1, n + 2, n + 3);
        }
    }

    internal readonly struct Backward : ILane<uint, uint, uint, uint>
    {
        public static uint Invoke(uint a, uint b, uint c)
        {
            int n = (int)(c & 3);
            return Gather(a, b, n, (n + 7) & 7, (n + 6) & 7, (n + 5) & 7);
        }
    }

    internal readonly struct Replicate8 : ILane<uint, uint, uint, uint>
    {
        public static uint Invoke(uint a, uint b, uint c)
        {
            int n = (int)(c & 3);
            return Gather(a, b, n, n, n, n);
        }
    }

    internal readonly struct EdgeLeft : ILane<uint, uint, uint, uint>
    {
        public static uint Invoke(uint a, uint b, uint c)
        {
            int n = (int)(c & 3);
            return Gather(a, b, Math.Max(n, 0), Math.Max(n, 1), Math.Max(n, 2), 3);
        }
    }

    internal readonly struct EdgeRight : ILane<uint, uint, uint, uint>
    {
        public static uint Invoke(uint a, uint b, uint c)
        {
            int n = (int)(c & 3);
            return Gather(a, b, 0, Math.Min(n, 1), Math.Min(n, 2), n);
        }
    }

    internal readonly struct Replicate16 : ILane<uint, uint, uint, uint>
    {
        public static uint Invoke(uint a, uint b, uint c)
        {
            int n = (int)(c & 1) * 2;
            return Gather(a, b, n, n + 1, n, n + 1);
        }
    }
}
