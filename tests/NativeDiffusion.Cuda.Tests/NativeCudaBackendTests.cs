using NativeDiffusion.Cuda.Driver;

namespace NativeDiffusion.Cuda.Tests;

/// <summary>The machine's own GPUs, on machines that mostly have none.</summary>
public sealed class NativeCudaBackendTests
{
    private readonly NativeCudaBackend _backend = new();

    [Theory]
    [InlineData(null, 0)]
    [InlineData("0", 0)]
    [InlineData("3", 3)]
    public void OrdinalOf_NumberOrNothing_IsTheDriversNumber(string? card, int expected)
    {
        Assert.Equal("cuda", _backend.Name);
        Assert.Equal(expected, _backend.OrdinalOf(card));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("h100")]
    [InlineData("99999999999")]
    public void OrdinalOf_AnythingElse_SaysWhatCanBeWritten(string card)
    {
        DeviceException exception = Assert.Throws<DeviceException>(() => _backend.OrdinalOf(card));

        Assert.Contains($"cuda:{card}:", exception.Message, StringComparison.Ordinal);
        Assert.Contains("cuda:0", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_AreThoseThatTheSearchFound()
    {
        Assert.Equal(LibraryLoader.Process.Nvrtc.IsFound, _backend.Nvrtc is not null);
        Assert.Equal(LibraryLoader.Process.Cublas.IsFound, _backend.Cublas is not null);
        Assert.Same(_backend.Nvrtc, _backend.Nvrtc);
        if (LibraryLoader.Process.Driver.IsFound)
            Assert.Same(_backend.Driver, _backend.Driver);
        else
            Assert.Contains("No NVIDIA driver was found", Assert.Throws<DeviceException>(() => _backend.Driver).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CardCount_WithoutDriver_IsNone()
    {
        Assert.SkipWhen(LibraryLoader.Process.Driver.IsFound, "This machine has NVIDIA's driver.");

        Assert.Equal(0, _backend.CardCount);
    }

    [Fact]
    public void Cards_OfThisMachine_CanAllBeOpened()
    {
        Assert.SkipWhen(_backend.CardCount == 0, "This machine has no GPU.");

        for (int i = 0; i < _backend.CardCount; i++)
        {
            using CudaContext context = CudaContext.Open(_backend.Driver, i, backend: _backend.Name);
            Assert.Equal($"cuda:{i}", context.Name);
        }
    }
}
