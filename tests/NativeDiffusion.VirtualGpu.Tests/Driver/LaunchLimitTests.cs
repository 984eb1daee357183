using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.VirtualGpu.Devices;
using NativeDiffusion.VirtualGpu.Tests.Support;
using static NativeDiffusion.VirtualGpu.Tests.Support.DriverSession;

namespace NativeDiffusion.VirtualGpu.Tests.Driver;

public sealed unsafe class LaunchLimitTests
{
    [Theory]
    [InlineData(75, 64)]
    [InlineData(80, 163)]
    [InlineData(86, 99)]
    [InlineData(89, 99)]
    [InlineData(90, 227)]
    [InlineData(120, 99)]
    public void DynamicShared_Over48KB_NeedsTheAttributeAndHasTheCardsLimit(int architecture, int kilobytes)
    {
        using var session = new DriverSession(new VirtualGpuOptions { Devices = [DeviceModel.Of(architecture)], Workers = 1 });
        CUdeviceptr result = session.Allocate(4);
        CUfunction function = session.Function(SmallKernels.Shared, "shared");
        int fixedBytes = 1024, most = (kilobytes * 1024) - fixedBytes;
        Ok(session.Launch(function, 1, 32, (48 * 1024) - 1024, default, result));
        Assert.Equal(CUresult.CUDA_ERROR_INVALID_VALUE, session.Launch(function, 1, 32, (48 * 1024) - 1023, default, result));
        const CUfunction_attribute Attribute = CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES;
        Assert.Equal(CUresult.CUDA_ERROR_INVALID_VALUE, session.Driver.cuFuncSetAttribute(function, Attribute, most + 1));
        Ok(session.Driver.cuFuncSetAttribute(function, Attribute, most));
        Ok(session.Launch(function, 1, 32, (uint)most, default, result));
        Assert.Equal(CUresult.CUDA_ERROR_INVALID_VALUE, session.Launch(function, 1, 32, (uint)most + 16, default, result));
        Ok(session.Driver.cuCtxSynchronize());
        // Aligned to 16 as declared, and not more.
        Assert.Equal(1024 + 16, session.Download(result, 1)[0]);
    }

    [Fact]
    public void Block_BeyondTheKernelsBound_IsRefused()
    {
        using var session = new DriverSession();
        CUdeviceptr result = session.Allocate(4);
        CUfunction function = session.Function(SmallKernels.Shared, "shared");
        Assert.Equal(CUresult.CUDA_ERROR_INVALID_VALUE, session.Launch(function, 1, 257, default, result));
        Assert.Equal(CUresult.CUDA_ERROR_INVALID_VALUE, session.Launch(function, 1, 0, default, result));
        Assert.Equal(CUresult.CUDA_ERROR_INVALID_VALUE, session.Launch(function, 0, 32, default, result));
        Assert.Equal(CUresult.CUDA_ERROR_INVALID_VALUE, session.Driver.cuLaunchKernel(function, 1, 65536, 1, 32, 1, 1, 0, default, null, null));
    }

    /// <summary>Registers are allocated for four warps at a time: 80 registers would suffice for 25 warps, but allow 24.</summary>
    [Theory]
    [InlineData(128, 512, 4)]
    [InlineData(80, 768, 6)]
    [InlineData(72, 896, 7)]
    [InlineData(168, 384, 3)]
    [InlineData(40, 1024, 12)]
    public void Registers_WhereKnown_BoundTheBlock(int registers, int threads, int blocksOf128)
    {
        var options = new VirtualGpuOptions { Workers = 1, Registers = new Dictionary<string, int> { ["add"] = registers } };
        using var session = new DriverSession(options);
        CUfunction add = session.Function(SmallKernels.Add, "add");
        Ok(session.Driver.cuFuncGetAttribute(out int most, CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK, add));
        Assert.Equal(threads, most);
        CUdeviceptr source = session.Upload(1);
        Ok(session.Launch(add, 1, (uint)threads, default, source, source, 1, 1));
        if (threads < 1024) Assert.Equal(CUresult.CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES, session.Launch(add, 1, (uint)threads + 1, default, source, source, 1, 1));
        Ok(session.Driver.cuOccupancyMaxActiveBlocksPerMultiprocessor(out int blocks, add, 128, 0));
        Assert.Equal(blocksOf128, blocks);
    }

    [Theory]
    [InlineData(80, 128, 0, 32, 16)]
    [InlineData(80, 256, 0, 255, 1)]
    [InlineData(80, 256, 48 * 1024, 64, 3)]
    [InlineData(86, 128, 0, 40, 12)]
    [InlineData(75, 1024, 0, 32, 1)]
    [InlineData(90, 128, 113 * 1024, 128, 2)]
    [InlineData(90, 128, (113 * 1024) + 1, 128, 1)]
    [InlineData(90, 384, 0, 168, 1)]
    [InlineData(80, 288, 0, 224, 0)]
    [InlineData(80, 32, 0, 16, 32)]
    [InlineData(80, 160, 0, 57, 6)]
    [InlineData(80, 128, 81 * 1024, 64, 2)]
    [InlineData(80, 128, (81 * 1024) + 1, 64, 1)]
    [InlineData(75, 64, 0, 32, 16)]
    [InlineData(75, 128, 16 * 1024, 64, 4)]
    [InlineData(75, 128, (16 * 1024) + 1, 64, 3)]
    [InlineData(86, 96, 0, 32, 16)]
    [InlineData(86, 256, 49 * 1024, 128, 2)]
    [InlineData(86, 1024, 0, 32, 1)]
    [InlineData(89, 64, 0, 32, 24)]
    [InlineData(89, 512, 24 * 1024, 40, 3)]
    [InlineData(120, 64, 3072, 40, 24)]
    [InlineData(120, 768, 0, 40, 2)]
    [InlineData(120, 128, 99 * 1024, 255, 1)]
    public void Occupancy_MatchesTheCalculator(int architecture, int threads, int shared, int registers, int expected) =>
        Assert.Equal(expected, Occupancy.Blocks(DeviceModel.Of(architecture), threads, shared, registers));

    [Fact]
    public void PtxForANewerCard_IsRefusedWithAReason()
    {
        using var session = new DriverSession(new VirtualGpuOptions { Devices = [DeviceModel.T4] });
        string ptx = SmallKernels.Add.Replace("sm_75", "sm_80", StringComparison.Ordinal);
        byte* log = stackalloc byte[256];
        CUjit_option* options = stackalloc CUjit_option[] { CUjit_option.CU_JIT_ERROR_LOG_BUFFER, CUjit_option.CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES };
        void** values = stackalloc void*[2];
        values[0] = log;
        values[1] = (void*)256;
        fixed (byte* text = System.Text.Encoding.UTF8.GetBytes(ptx + "\0"))
            Assert.Equal(CUresult.CUDA_ERROR_INVALID_PTX, session.Driver.cuModuleLoadDataEx(out _, text, 2, options, values));
        Assert.Contains("sm_80", System.Runtime.InteropServices.Marshal.PtrToStringUTF8((nint)log), StringComparison.Ordinal);
    }

    [Fact]
    public void Cubin_IsAnsweredAsByACardOfAnotherKind()
    {
        using var session = new DriverSession();
        byte* elf = stackalloc byte[64];
        elf[0] = 0x7F;
        elf[1] = (byte)'E';
        elf[2] = (byte)'L';
        elf[3] = (byte)'F';
        Assert.Equal(CUresult.CUDA_ERROR_NO_BINARY_FOR_GPU, session.Driver.cuModuleLoadDataEx(out _, elf, 0, null, null));
    }

    [Fact]
    public void ParameterSizes_AreTold()
    {
        using var session = new DriverSession();
        CUfunction add = session.Function(SmallKernels.Add, "add");
        (nuint, nuint)[] expected = [(0, 8), (8, 8), (16, 4), (20, 4)];
        for (int i = 0; i < 4; i++)
        {
            Ok(session.Driver.cuFuncGetParamInfo(add, (nuint)i, out nuint offset, out nuint size));
            Assert.Equal(expected[i], (offset, size));
        }
        Assert.Equal(CUresult.CUDA_ERROR_INVALID_VALUE, session.Driver.cuFuncGetParamInfo(add, 4, out _, out _));
    }
}
