using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.Testing;
using NativeDiffusion.VirtualGpu.Execution;
using NativeDiffusion.VirtualGpu.Memory;
using NativeDiffusion.VirtualGpu.Ptx;
using NativeDiffusion.VirtualGpu.Tests.Cubin;
using NativeDiffusion.VirtualGpu.Tests.Support;

namespace NativeDiffusion.VirtualGpu.Tests.PtxText;

/// <summary>PTX that was cut off or spoiled is refused with PtxException, or runs to some end: it never takes the host down.</summary>
public sealed unsafe class MutationTests
{
    private static readonly string[] s_shipped =
    [
        "group_norm.compute_90", "group_norm.compute_75", "softmax.compute_80", "philox_normal.compute_90", "gemm-64-64-32-2-2-2-0-0.compute_75",
            "gemm-64-64-64-2-2-3-1-0.compute_80",
    ];

    public static TheoryData<string> Shipped() => [.. s_shipped];

    private static int Rounds => CubinSources.IsNightly ? 600 : 40;

    [Theory]
    [MemberData(nameof(Shipped))]
    public void ShippedPtx_Spoiled_IsRefusedOrRuns(string file) => Spoil(file, File.ReadAllText(Repository.PathOf("kernels", "ptx", file + ".ptx")), Rounds);

    [Theory]
    [CombinatorialData]
    public void CompiledPtx_Spoiled_IsRefusedOrRuns(
        [CombinatorialValues("integers", "control", "floats", "memory", "blocks")] string source, [CombinatorialValues(12, 13)] int nvrtc)
    {
        string text = File.ReadAllText(Repository.PathOf("tests", "NativeDiffusion.VirtualGpu.Tests", "CKernels", "Sources", source + ".cu"));
        Spoil(source, Nvrtc.Require(nvrtc).ToPlainPtx(text, 90, "--device-int128", nvrtc == 12 ? "-lineinfo" : "--fmad=false"), Rounds / 4);
    }

    /// <summary>The driver answers with a status, whatever the text: no exception leaves it.</summary>
    [Theory]
    [InlineData("softmax.compute_80")]
    [InlineData("group_norm.compute_75")]
    public void Driver_GivenSpoiledPtx_AnswersWithAStatus(string file)
    {
        string text = File.ReadAllText(Repository.PathOf("kernels", "ptx", file + ".ptx"));
        string[] names = [.. PtxModule.Parse(text).Functions.Keys];
        // Every argument is nothing, however many there are and however long.
        byte* nothing = stackalloc byte[256];
        void** arguments = stackalloc void*[64];
        for (int i = 0; i < 64; i++) arguments[i] = nothing;
        int loaded = 0, launched = 0;
        for (int seed = 0; seed < Rounds / 2; seed++)
        {
            using var session = new DriverSession(new VirtualGpuOptions { Workers = 1, IsCompiled = false });
            if (!session.TryLoad(new Mutator(text, seed).Run(), out CUmodule module)) continue;
            loaded++;
            foreach (string name in names)
                if (session.Driver.cuModuleGetFunction(out CUfunction function, module, name) == CUresult.CUDA_SUCCESS)
                    launched += session.Driver.cuLaunchKernel(function, 1, 1, 1, 32, 1, 1, 0, default, arguments, null) == CUresult.CUDA_SUCCESS ? 1 : 0;
            _ = session.Driver.cuCtxSynchronize();
        }
        Assert.InRange(loaded, 1, Rounds / 2);
        Assert.True(launched > 0);
    }

    private static void Spoil(string name, string text, int rounds)
    {
        int taken = 0;
        // First as it is, which must be taken.
        for (int seed = -1; seed < rounds; seed++)
        {
            string spoiled = seed < 0 ? text : new Mutator(text, seed).Run();
            try
            {
                PtxModule module = PtxModule.Parse(spoiled);
                foreach (PtxFunction function in module.Functions.Values.Where(function => function is { IsEntry: true, HasBody: true }).Take(3)) Run(
                    module, function);
                taken++;
            }
            catch (PtxException) when (seed >= 0)
            {
                // As promised.
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"{name}, seed {seed}: {e}{Environment.NewLine}{Changed(text, spoiled)}");
            }
        }
        Assert.InRange(taken, 1, rounds);
    }

    private static void Run(PtxModule module, PtxFunction function)
    {
        var space = new AddressSpace();
        var image = new KernelImage(new ModuleImage(new CodeLibrary(module), space, 0), function.Name);
        if (image.ParameterBytes > 4096) return;
        var parameters = new byte[image.ParameterBytes];
        int offset = 0;
        foreach (PtxVariable parameter in function.Parameters)
        {
            offset = (offset + parameter.Alignment - 1) & -parameter.Alignment;
            if (parameter.Size == 8)
            {
                Allocation allocation = space.Allocate(4096, AllocationKind.Device, 0);
                allocation.Initialized.Mark(0, allocation.Size);
                allocation.Initialized.Consolidate();
                BitConverter.TryWriteBytes(parameters.AsSpan(offset), allocation.Address);
            }
            else if (parameter.Size == 4) BitConverter.TryWriteBytes(parameters.AsSpan(offset), 64);
            offset += (int)parameter.Size;
        }
        var launch = new KernelLaunch
        {
            Image = image,
            Device = Devices.DeviceModel.H100,
            Space = space,
            GridSize = new Dimensions(1, 1, 1),
            BlockSize = new Dimensions(64, 1, 1),
            Options = new ExecutionOptions { Workers = 1, IsCompiled = false, Patience = 5_000 },
            Parameters = parameters,
            DynamicSharedBytes = 1024,
            Id = 1,
        };
        _ = launch.Run();
    }

    private static string Changed(string before, string after)
    {
        int first = before.AsSpan().CommonPrefixLength(after);
        return $"...{after.AsSpan(Math.Max(0, first - 200), Math.Min(after.Length - Math.Max(0, first - 200), 600))}...";
    }
}
