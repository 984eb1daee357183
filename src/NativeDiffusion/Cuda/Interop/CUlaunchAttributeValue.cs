using System.Runtime.InteropServices;

namespace NativeDiffusion.Cuda.Interop;

/// <summary>The value of a launch attribute: a union of 64 bytes; the attribute's kind says which field counts.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
public struct CUlaunchAttributeValue
{
    [FieldOffset(0)] public CUclusterDim clusterDim;
    [FieldOffset(0)] public int programmaticStreamSerializationAllowed;
    [FieldOffset(0)] public int priority;
    [FieldOffset(0)] public int cooperative;
    // The union holds eight-byte members, so that it lies on eight bytes inside an attribute.
    [FieldOffset(0)] private ulong _alignment;
}
