using System.Runtime.InteropServices;

namespace NativeDiffusion.Cuda.Interop;

/// <summary>Why a graph could not be updated in place.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CUgraphExecUpdateResultInfo
{
    public CUgraphExecUpdateResult result;
    public CUgraphNode errorNode;
    public CUgraphNode errorFromNode;
}
