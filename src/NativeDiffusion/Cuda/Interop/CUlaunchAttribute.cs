using System.Runtime.InteropServices;

namespace NativeDiffusion.Cuda.Interop;

/// <summary>One attribute of a launch or of a kernel node.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CUlaunchAttribute
{
    public CUlaunchAttributeID id;
    public CUlaunchAttributeValue value;
}
