using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Devices;
using NativeDiffusion.VirtualGpu.Execution;
using NativeDiffusion.VirtualGpu.Memory;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Tests.Support;

/// <summary>Runs kernels of a PTX text without a driver: buffers in, buffers out, findings and counters to look at.</summary>
internal sealed unsafe class TestDevice(string ptx, ExecutionOptions? options = null, DeviceModel? model = null)
{
    private static uint s_launches;
    private readonly AddressSpace _space = new();
    private ModuleImage? _module;

    public ExecutionOptions Options { get; set; } = options ?? new ExecutionOptions { Workers = 1 };

    public DeviceModel Model { get; } = model ?? DeviceModel.H100;

    public IReadOnlyList<Finding> Findings { get; private set; } = [];

    public LaunchTally Tally { get; private set; } = null!;

    public AddressSpace Space => _space;

    public ModuleImage Module => _module ??= new ModuleImage(new CodeLibrary(PtxModule.Parse(ptx)), _space, 0);

    /// <summary>Device memory with the values.</summary>
    public DeviceArray<T> Upload<T>(params T[] values)
        where T : unmanaged
    {
        DeviceArray<T> array = Allocate<T>(values.Length);
        values.CopyTo(array.Span);
        array.Allocation.Initialized.Mark(0, array.Allocation.Size);
        array.Allocation.Initialized.Consolidate();
        return array;
    }

    /// <summary>Uninitialized device memory.</summary>
    public DeviceArray<T> Allocate<T>(int count)
        where T : unmanaged => new(_space.Allocate((ulong)(count * sizeof(T)), AllocationKind.Device, 0), count);

    /// <summary>Launches with arguments in the order of the parameters: numbers and device arrays.</summary>
    public TestDevice Launch(string kernel, Dimensions grid, Dimensions block, int dynamicShared, params object[] arguments)
    {
        KernelImage image = Module.Kernel(kernel) ?? throw new ArgumentException($"no kernel {kernel}");
        var launch = new KernelLaunch
        {
            Image = image,
            Device = Model,
            Space = _space,
            GridSize = grid,
            BlockSize = block,
            Options = Options,
            Parameters = Pack(image, arguments),
            DynamicSharedBytes = dynamicShared,
            Id = Interlocked.Increment(ref s_launches),
        };
        Tally = launch.Run();
        foreach (Allocation allocation in _space.Live) allocation.Initialized.Consolidate();
        Findings = launch.Findings.ToList();
        return this;
    }

    public TestDevice Launch(string kernel, uint grid, uint block, params object[] arguments) =>
        Launch(kernel, new Dimensions(grid, 1, 1), new Dimensions(block, 1, 1), 0, arguments);

    /// <summary>Fails where anything was found.</summary>
    public TestDevice Clean()
    {
        FoundException.ThrowIfAny(Findings);
        return this;
    }

    private static byte[] Pack(KernelImage image, object[] arguments)
    {
        var bytes = new byte[image.ParameterBytes];
        Assert.Equal(image.Function.Parameters.Count, arguments.Length);
        int offset = 0;
        for (int i = 0; i < arguments.Length; i++)
        {
            PtxVariable parameter = image.Function.Parameters[i];
            offset = (offset + parameter.Alignment - 1) & -parameter.Alignment;
            byte[] value = arguments[i] switch
            {
                IDeviceArray array => BitConverter.GetBytes(array.Address),
                int number => BitConverter.GetBytes(number),
                uint number => BitConverter.GetBytes(number),
                long number => BitConverter.GetBytes(number),
                ulong number => BitConverter.GetBytes(number),
                float number => BitConverter.GetBytes(number),
                double number => BitConverter.GetBytes(number),
                byte[] structure => structure,
                _ => throw new ArgumentException($"argument {i} is a {arguments[i].GetType()}"),
            };
            Assert.Equal(parameter.Size, value.Length);
            value.CopyTo(bytes, offset);
            offset += value.Length;
        }
        return bytes;
    }
}
