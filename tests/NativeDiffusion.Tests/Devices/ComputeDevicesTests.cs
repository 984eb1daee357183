using NativeDiffusion.Cuda;
using NativeDiffusion.Devices;
using NativeDiffusion.Testing;
using NativeDiffusion.VirtualGpu;
using Xunit;

namespace NativeDiffusion.Tests.Devices;

public sealed class ComputeDevicesTests
{
    [Theory]
    [InlineData("cpu")]
    [InlineData("auto")]
    public void Open_CpuAndAuto_AreTheProcessor(string name)
    {
        using IComputeDevice device = ComputeDevices.Open(name, threads: 2);
        Assert.Equal("cpu", device.Name);
        DeviceMemory memory = device.Memory;
        Assert.True(memory.Total > 0 && memory.Free <= memory.Total);
        Assert.Equal(0, memory.Held);
    }

    [Fact]
    public void List_WithABackend_ShowsItsCards()
    {
        using var backend = new VirtualCudaBackend();
        IReadOnlyList<DeviceListing> devices = ComputeDevices.List([backend]);
        Assert.Equal("cpu", devices[0].Name);
        Assert.True(devices[0].RunsNetworks);
        Assert.Equal(backend.CardCount, devices.Count - 1);
        Assert.Contains(devices, device => device.Name == "virtual:0" && device.TotalMemory > 1_000_000_000 && !device.RunsNetworks);
    }

    [Fact]
    public void List_OfThisMachine_BeginsWithTheProcessor() => Assert.Equal("cpu", ComputeDevices.List()[0].Name);

    [Theory]
    [InlineData("tpu", "not known", typeof(ArgumentException))]
    [InlineData("virtual:voodoo", "virtual cards are", typeof(DeviceException))]
    [InlineData("virtual:h100", "use device cpu", typeof(DeviceException))]
    public void Open_WhatCannotRun_SaysWhatToDo(string name, string words, Type type)
    {
        using var backend = new VirtualCudaBackend();
        Exception exception = Assert.Throws(type, () => ComputeDevices.Open(name, [backend]));
        Assert.Contains(words, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ThreadsWithoutMeaning_IsRefused() =>
        Assert.Contains("1024", Assert.Throws<ArgumentException>(() => ComputeDevices.Open("cpu", threads: 5000)).Message, StringComparison.Ordinal);

    [Fact]
    public void Open_Pipeline_OnABackendsCard_IsRefusedWithTheReason()
    {
        using var backend = new VirtualCudaBackend();
        var options = new PipelineOptions { Device = "virtual", Backends = [backend] };
        DeviceException exception = Assert.Throws<DeviceException>(() => StableDiffusionPipeline.Open(Repository.TinyModel, options));
        Assert.Contains("use device cpu", exception.Message, StringComparison.Ordinal);
    }
}
