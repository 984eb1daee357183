using NativeDiffusion.Cuda.Driver;

namespace NativeDiffusion.VirtualGpu.Tests.Defects;

/// <summary>A launcher's arguments match the kernel's parameter list, which a driver does not check.</summary>
public sealed class LauncherArgumentTests
{
    private enum Arguments
    {
        Right,
        TooFew,
        TooMany,
        AnotherSize,
        AnotherOrder,
    }

    [Fact]
    public void Right_IsLaunched() => Launch(Arguments.Right);

    [Theory]
    [InlineData(nameof(Arguments.TooFew), "The kernel add has more parameters than the 3 arguments that its launcher passes.")]
    [InlineData(nameof(Arguments.TooMany), "The kernel add has 4 parameters, but its launcher passes 5 arguments.")]
    [InlineData(nameof(Arguments.AnotherSize), "Parameter 3 of the kernel add has 4 bytes, but its launcher passes 8.")]
    [InlineData(nameof(Arguments.AnotherOrder), "Parameter 1 of the kernel add has 8 bytes, but its launcher passes 4.")]
    public void Wrong_IsRefusedByName(string arguments, string message) =>
        Assert.Equal(message, Assert.Throws<InvalidOperationException>(() => Launch(Enum.Parse<Arguments>(arguments))).Message);

    private static void Launch(Arguments arguments)
    {
        using var card = new VirtualCudaDriver(new VirtualGpuOptions { Workers = 1 });
        using CudaContext context = CudaContext.Open(card);
        using ContextScope scope = context.Enter();
        using var stream = new CudaStream(context);
        using var buffer = new DeviceBuffer(context, 4);
        using CudaModule module = SmallModule.Load(context);
        CudaFunction add = module.Function("add");
        stream.Fill(buffer.Pointer, 0, 4);
        DevicePointer x = buffer.Pointer;
        KernelArgument[] list = arguments switch
        {
            Arguments.TooFew => [x, x, 1],
            Arguments.TooMany => [x, x, 1, 1, 1],
            Arguments.AnotherSize => [x, x, 1, 1L],
            Arguments.AnotherOrder => [x, 1, x, 1],
            _ => [x, x, 1, 1],
        };
        stream.Launch(add, 1, 32, 0, list);
        stream.Synchronize();
    }
}
