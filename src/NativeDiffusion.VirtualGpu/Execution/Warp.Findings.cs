using System.Numerics;
using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>Findings of a warp: what, which lane, where.</summary>
internal sealed unsafe partial class Warp
{
    /// <summary>Reports the first of the lanes; the text follows the thread's coordinates, as in "misaligned global read ...".</summary>
    public void Report(FindingKind kind, PtxInstruction source, uint lanes, string text, ulong? address = null)
    {
        int lane = lanes == 0 ? 0 : BitOperations.TrailingZeroCount(lanes), others = BitOperations.PopCount(lanes) - 1;
        Dimensions thread = Thread(lane), block = Block.Position;
        string place = source.Location is { } location ? $"{location} (PTX line {source.Line})" : $"PTX line {source.Line}";
        string more = others > 0 ? $" Also in {others} more lanes of the warp." : "";
        Launch.Findings.Add(new Finding
        {
            Kind = kind,
            Message = $"{kind.Tool()}: {Launch.Program.Function.Name}, block {block}, thread {thread}: {text}. At {place}: {source}{more}",
            Kernel = Launch.Program.Function.Name,
            Block = ((int)block.X, (int)block.Y, (int)block.Z),
            Thread = ((int)thread.X, (int)thread.Y, (int)thread.Z),
            Address = address,
            Source = source.Location is { } at ? $"{at.File}:{at.Line}" : null,
            PtxLine = source.Line,
        });
    }
}
