namespace NativeDiffusion.VirtualGpu.Tests.Support;

internal interface IDeviceArray
{
    ulong Address { get; }
}
