using System.Runtime.InteropServices;

namespace NativeDiffusion.VirtualGpu.Execution;

/// <summary>Local memory: for each lane its own bytes at the same addresses, and for each byte whether it was written.</summary>
internal sealed unsafe partial class Warp
{
    private byte* _local;
    private int _localUsed;

    /// <summary>The bytes of a lane; allocated at first use.</summary>
    public byte* Local(int lane)
    {
        int stride = Launch.LocalLimit;
        if (_local is null) _local = (byte*)NativeMemory.AllocZeroed((nuint)stride * 64);
        _localUsed = stride;
        return _local + ((long)lane * stride);
    }

    /// <summary>For each of a lane's bytes, 1 where it was written.</summary>
    public byte* LocalWritten(int lane) => Local(lane) + (32L * Launch.LocalLimit);

    private void ResetLocal()
    {
        if (_localUsed > 0) new Memory.UnmanagedMemory(_local + (32L * _localUsed), 32UL * (ulong)_localUsed).Fill(0);
        _localUsed = 0;
    }

    private void ReleaseLocal()
    {
        NativeMemory.Free(_local);
        _local = null;
    }
}
