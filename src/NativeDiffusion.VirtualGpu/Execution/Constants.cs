using NativeDiffusion.VirtualGpu.Memory;

namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>Fills the constants of frames: those of a launch once, those of a warp or block at each start.</summary>
internal static unsafe class Constants
{
    /// <summary>Prepares a frame for a warp that enters it.</summary>
    public static void Begin(Warp warp, Frame frame)
    {
        Program program = frame.Program;
        bool isNew = frame.PreparedFor != warp;
        foreach (FrameConstant constant in program.Constants)
        {
            if (!isNew && constant.Kind is < FrameConstantKind.BlockX or > FrameConstantKind.BlockZ and not FrameConstantKind.Local
                and not FrameConstantKind.Multiprocessor)
                continue;
            Fill(warp, frame, constant);
        }
        frame.PreparedFor = warp;
        (frame.Stack, frame.StackBytes) = (null, 0);
        if (program.Written.Bytes > 0) new Span<byte>(frame.Registers + program.Written.Place, program.Written.Bytes).Clear();
    }

    private static void Fill(Warp warp, Frame frame, FrameConstant constant)
    {
        byte* place = frame.Registers + constant.Place;
        for (int lane = 0; lane < 32; lane++)
        {
            ulong value = Value(warp, frame, constant, lane);
            if (constant.Bits == 64) ((ulong*)place)[lane] = value;
            else ((uint*)place)[lane] = (uint)value;
        }
    }

    private static ulong Value(Warp warp, Frame frame, FrameConstant constant, int lane)
    {
        KernelLaunch launch = warp.Launch;
        Dimensions thread = warp.Thread(lane), block = warp.Block.Position;
        return constant.Kind switch
        {
            FrameConstantKind.Literal => constant.Value,
            FrameConstantKind.Symbol => launch.Image.SymbolAddress(constant.Symbol!) + constant.Value,
            FrameConstantKind.Local => constant.Value + (ulong)frame.LocalBase,
            FrameConstantKind.Function => launch.Image.FunctionHandle(constant.Symbol!),
            FrameConstantKind.ThreadX => thread.X,
            FrameConstantKind.ThreadY => thread.Y,
            FrameConstantKind.ThreadZ => thread.Z,
            FrameConstantKind.BlockX => block.X,
            FrameConstantKind.BlockY => block.Y,
            FrameConstantKind.BlockZ => block.Z,
            FrameConstantKind.BlockSizeX => launch.BlockSize.X,
            FrameConstantKind.BlockSizeY => launch.BlockSize.Y,
            FrameConstantKind.BlockSizeZ => launch.BlockSize.Z,
            FrameConstantKind.GridX => launch.GridSize.X,
            FrameConstantKind.GridY => launch.GridSize.Y,
            FrameConstantKind.GridZ => launch.GridSize.Z,
            FrameConstantKind.Lane => (ulong)lane,
            FrameConstantKind.WarpIndex => (ulong)warp.Index,
            FrameConstantKind.WarpCount => (launch.BlockSize.Count + 31) / 32,
            FrameConstantKind.GridId => launch.Id,
            FrameConstantKind.Multiprocessor => warp.Block.Number % (ulong)launch.Device.Multiprocessors,
            FrameConstantKind.MultiprocessorCount => (ulong)launch.Device.Multiprocessors,
            FrameConstantKind.LaneMaskEqual => 1u << lane,
            FrameConstantKind.LaneMaskLess => (1u << lane) - 1,
            FrameConstantKind.LaneMaskLessEqual => (uint)((2ul << lane) - 1),
            FrameConstantKind.LaneMaskGreater => (uint)~((2ul << lane) - 1),
            FrameConstantKind.LaneMaskGreaterEqual => ~((1u << lane) - 1),
            FrameConstantKind.DynamicShared => (ulong)launch.DynamicSharedBytes,
            FrameConstantKind.TotalShared => (ulong)launch.SharedBytes,
            _ => throw new InvalidOperationException($"A constant of kind {constant.Kind} has no value."),
        };
    }
}
