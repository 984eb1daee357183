using NativeDiffusion.VirtualGpu.Execution;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Lowering;

/// <summary>Variables of functions, and special registers.</summary>
internal sealed partial class FunctionLowering
{
    private readonly Dictionary<PtxVariable, int> _locals = [];
    private int _localBytes;

    /// <summary>The offset of a kernel parameter.</summary>
    public int ParameterOffset(PtxVariable parameter)
    {
        int offset = 0;
        foreach (PtxVariable candidate in _function.Parameters)
        {
            offset = Align(offset, candidate.Alignment);
            if (candidate == parameter) return offset;
            offset += (int)candidate.Size;
        }
        throw new PtxException($"'{parameter.Name}' is not a parameter of '{_function.Name}'.", parameter.Line);
    }

    /// <summary>The place of a function's parameter, or of the .param variable of a call, in the frame; null for a kernel's parameter.</summary>
    public ParameterPlace? FindParameter(PtxVariable variable) => _parameters.TryGetValue(variable, out ParameterPlace place) ? place : null;

    public static int Align(int offset, int alignment) => (offset + alignment - 1) & -alignment;

    private void PlaceLocals()
    {
        foreach (PtxVariable variable in _function.Variables)
        {
            if (variable.Space != StateSpace.Local) continue;
            _localBytes = Align(_localBytes, variable.Alignment);
            _locals.Add(variable, _localBytes);
            _localBytes = checked(_localBytes + (int)variable.Size);
        }
        _localBytes = Align(_localBytes, 16);
    }

    /// <summary>Place of a special register that is constant while a warp runs a block of the grid.</summary>
    private int Special(PtxInstruction instruction, PtxOperand.Special special, int laneBits)
    {
        FrameConstantKind kind = special.Name switch
        {
            "%tid.x" => FrameConstantKind.ThreadX,
            "%tid.y" => FrameConstantKind.ThreadY,
            "%tid.z" => FrameConstantKind.ThreadZ,
            "%ctaid.x" or "%clusterid.x" => FrameConstantKind.BlockX,
            "%ctaid.y" or "%clusterid.y" => FrameConstantKind.BlockY,
            "%ctaid.z" or "%clusterid.z" => FrameConstantKind.BlockZ,
            "%ntid.x" => FrameConstantKind.BlockSizeX,
            "%ntid.y" => FrameConstantKind.BlockSizeY,
            "%ntid.z" => FrameConstantKind.BlockSizeZ,
            "%nctaid.x" or "%nclusterid.x" => FrameConstantKind.GridX,
            "%nctaid.y" or "%nclusterid.y" => FrameConstantKind.GridY,
            "%nctaid.z" or "%nclusterid.z" => FrameConstantKind.GridZ,
            "%laneid" => FrameConstantKind.Lane,
            "%warpid" => FrameConstantKind.WarpIndex,
            "%nwarpid" => FrameConstantKind.WarpCount,
            "%gridid" => FrameConstantKind.GridId,
            "%smid" => FrameConstantKind.Multiprocessor,
            "%nsmid" => FrameConstantKind.MultiprocessorCount,
            "%lanemask_eq" => FrameConstantKind.LaneMaskEqual,
            "%lanemask_lt" => FrameConstantKind.LaneMaskLess,
            "%lanemask_le" => FrameConstantKind.LaneMaskLessEqual,
            "%lanemask_gt" => FrameConstantKind.LaneMaskGreater,
            "%lanemask_ge" => FrameConstantKind.LaneMaskGreaterEqual,
            "%dynamic_smem_size" => FrameConstantKind.DynamicShared,
            "%total_smem_size" or "%aggr_smem_size" => FrameConstantKind.TotalShared,
            // Without clusters each block is a cluster of its own.
            "%cluster_ctaid.x" or "%cluster_ctaid.y" or "%cluster_ctaid.z" or "%cluster_ctarank" or "%is_explicit_cluster" => FrameConstantKind.Literal,
            _ => (FrameConstantKind)255,
        };
        if (kind != (FrameConstantKind)255) return Constant(kind, 0, null, laneBits);
        if (special.Name is "%cluster_nctaid.x" or "%cluster_nctaid.y" or "%cluster_nctaid.z" or "%cluster_nctarank") return Constant(1, laneBits);
        if (special.Name.StartsWith("%envreg", StringComparison.Ordinal)) return Constant(0, laneBits);
        throw instruction.Refuse(
            special.Name[0] == '%' ? $"'{special.Name}' is neither declared nor a supported special register." : $"'{special.Name}' is not known.");
    }
}
