using System.Runtime.InteropServices;

namespace NativeDiffusion.Cuda.Interop;

/// <summary>A kernel node of a graph.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct CUDA_KERNEL_NODE_PARAMS
{
    public CUfunction func;
    public uint gridDimX;
    public uint gridDimY;
    public uint gridDimZ;
    public uint blockDimX;
    public uint blockDimY;
    public uint blockDimZ;
    public uint sharedMemBytes;
    public void** kernelParams;
    public void** extra;
    public CUkernel kern;
    public CUcontext ctx;
}

/// <summary>A copy node of a graph; a flat copy has Height and Depth 1.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct CUDA_MEMCPY3D
{
    public nuint srcXInBytes;
    public nuint srcY;
    public nuint srcZ;
    public nuint srcLOD;
    public CUmemorytype srcMemoryType;
    public void* srcHost;
    public CUdeviceptr srcDevice;
    public nint srcArray;
    public nint reserved0;
    public nuint srcPitch;
    public nuint srcHeight;
    public nuint dstXInBytes;
    public nuint dstY;
    public nuint dstZ;
    public nuint dstLOD;
    public CUmemorytype dstMemoryType;
    public void* dstHost;
    public CUdeviceptr dstDevice;
    public nint dstArray;
    public nint reserved1;
    public nuint dstPitch;
    public nuint dstHeight;
    public nuint WidthInBytes;
    public nuint Height;
    public nuint Depth;
}

/// <summary>A fill node of a graph: width elements of elementSize bytes a row.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CUDA_MEMSET_NODE_PARAMS
{
    public CUdeviceptr dst;
    public nuint pitch;
    public uint value;
    public uint elementSize;
    public nuint width;
    public nuint height;
}

/// <summary>Blocks of a cluster.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CUclusterDim
{
    public uint x;
    public uint y;
    public uint z;
}

/// <summary>How one node of a graph waits for another; default is the ordinary edge.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct CUgraphEdgeData
{
    public byte from_port;
    public byte to_port;
    public byte type;
    public fixed byte reserved[5];

    /// <summary>For <see cref="from_port"/>: the trigger at which dependent kernels may start.</summary>
    public const byte PortProgrammatic = 1;

    /// <summary>For <see cref="type"/>: the dependent kernel waits itself.</summary>
    public const byte TypeProgrammatic = 1;
}

/// <summary>Why a graph could not be updated in place.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CUgraphExecUpdateResultInfo
{
    public CUgraphExecUpdateResult result;
    public CUgraphNode errorNode;
    public CUgraphNode errorFromNode;
}

/// <summary>One attribute of a launch or of a kernel node.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CUlaunchAttribute
{
    public CUlaunchAttributeID id;
    public CUlaunchAttributeValue value;
}

/// <summary>The value of a launch attribute: a union of 64 bytes; the attribute's kind determines the valid field.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
public struct CUlaunchAttributeValue
{
    [FieldOffset(0)] public CUclusterDim clusterDim;
    [FieldOffset(0)] public int programmaticStreamSerializationAllowed;
    [FieldOffset(0)] public int priority;
    [FieldOffset(0)] public int cooperative;
    // The union holds eight-byte members, so it is aligned to eight bytes inside an attribute.
    [FieldOffset(0)] private ulong _alignment;
}

/// <summary>A launch with attributes.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct CUlaunchConfig
{
    public uint gridDimX;
    public uint gridDimY;
    public uint gridDimZ;
    public uint blockDimX;
    public uint blockDimY;
    public uint blockDimZ;
    public uint sharedMemBytes;
    public CUstream hStream;
    public CUlaunchAttribute* attrs;
    public uint numAttrs;
}

/// <summary>A tensor map: 128 bytes that the driver writes, passed to kernels by value; it must be aligned to 64 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct CUtensorMap
{
    public fixed ulong opaque[16];
}

/// <summary>A device's UUID of 16 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct CUuuid
{
    public fixed byte bytes[16];
}
