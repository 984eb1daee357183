using NativeDiffusion.Cuda;
using NativeDiffusion.Cuda.Driver;
using NativeDiffusion.VirtualGpu.Devices;

namespace NativeDiffusion.VirtualGpu.Tests.Driver;

/// <summary>Virtual GPUs as in production code: through the public interface only.</summary>
public sealed class VirtualCudaBackendTests
{
    [Theory]
    [InlineData(null, "A100")]
    [InlineData("h100", "H100")]
    [InlineData("RTX 4090", "RTX 4090")]
    [InlineData("rtx4090", "RTX 4090")]
    [InlineData("0", "A100")]
    [InlineData("1", "T4")]
    public void Open_CardByNameOrNumber_IsThatCard(string? card, string expected)
    {
        using var virtualCards = new VirtualCudaBackend();
        ICudaBackend backend = virtualCards;

        using CudaContext context = CudaContext.Open(backend.Driver, backend.OrdinalOf(card), backend: backend.Name);

        Assert.Contains(expected, context.Device.Name, StringComparison.Ordinal);
        Assert.Equal($"virtual:{backend.OrdinalOf(card)}", context.Name);
        Assert.Equal(DeviceModel.All.Count, backend.CardCount);
    }

    [Theory]
    [InlineData("8")]
    [InlineData("")]
    [InlineData("voodoo2")]
    public void OrdinalOf_NoSuchCard_ListsThem(string card)
    {
        using var backend = new VirtualCudaBackend();

        DeviceException exception = Assert.Throws<DeviceException>(() => backend.OrdinalOf(card));

        Assert.Contains($"virtual:{card}", exception.Message, StringComparison.Ordinal);
        Assert.All(DeviceModel.All, model => Assert.Contains(model.Name, exception.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Cards_AreThoseOfTheOptions()
    {
        using var backend = new VirtualCudaBackend(new VirtualGpuOptions { Devices = [DeviceModel.T4, DeviceModel.H100, DeviceModel.H100] });

        Assert.Equal(3, backend.CardCount);
        Assert.Equal(1, backend.OrdinalOf("H100"));
        Assert.Equal(2, backend.OrdinalOf("2"));
        Assert.Throws<DeviceException>(() => backend.OrdinalOf("a100"));
    }

    [Fact]
    public void Parts_ShareOneDriver()
    {
        using var virtualCards = new VirtualCudaBackend();
        ICudaBackend backend = virtualCards;
        using CudaContext context = CudaContext.Open(backend.Driver);
        using ContextScope scope = context.Enter();
        using var stream = new CudaStream(context);
        using var workspace = new DeviceBuffer(context, 1024);
        using var cublas = new CublasHandle(backend.Cublas!, stream, workspace);

        Assert.Same(virtualCards.Driver, backend.Driver);
        Assert.Null(backend.Nvrtc);
        Assert.Empty(virtualCards.Driver.Findings);
    }
}
