using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Devices;
using NativeDiffusion.VirtualGpu.Tests.Support;
using static NativeDiffusion.VirtualGpu.Tests.Support.DriverSession;

namespace NativeDiffusion.VirtualGpu.Tests.Defects;

/// <summary>Launches that a device rejects, launches that access memory too early, and unsupported PTX.</summary>
internal static unsafe class LaunchDefects
{
    private const CUresult Invalid = CUresult.CUDA_ERROR_INVALID_VALUE;

    private static readonly VirtualGpuOptions s_hopper = new() { Workers = 1, Devices = [DeviceModel.H100] };

    public static IReadOnlyList<HostDefect> All { get; } =
    [
        Refused("grid without blocks", Invalid, "empty", (session, isWrong) => Add(session, isWrong ? 0u : 1, 32)),
        Refused("block without threads", Invalid, "empty", (session, isWrong) => Add(session, 1, isWrong ? 0u : 32)),
        Refused("block of more threads than the maximum", Invalid, "1024 threads", (session, isWrong) => Add(session, 1, isWrong ? 1025u : 1024)),
        Refused("grid beyond its second dimension", Invalid, "65535", (session, isWrong) => Shared(session, SmallKernels.Shared, isWrong ? 65536u : 2, 1, 0)),
        Refused("block beyond its third dimension", Invalid, "64 in z", (session, isWrong) => Shared(session, SmallKernels.Shared, 1, isWrong ? 65u : 64, 0)),
        Refused(
            "block larger than the kernel's maxntid", Invalid, "at most 256", (session, isWrong) =>
            Shared(session, SmallKernels.Shared, 1, 1, 0, isWrong ? 257u : 256)),
        Refused("block size other than the required one", Invalid, "requires (64, 1, 1)", (session, isWrong) =>
            Shared(session, SmallKernels.Shared.Replace(".maxntid 256, 1, 1", ".reqntid 64, 1, 1", StringComparison.Ordinal), 1, 1, 0, isWrong ? 32u : 64)),
        Refused(
            "more registers than the multiprocessor has", CUresult.CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES, "registers", (session, isWrong) =>
            Add(session, 1, isWrong ? 544u : 512))
            with { Options = new VirtualGpuOptions { Workers = 1, Registers = new Dictionary<string, int> { ["add"] = 128 } } },
        Refused("shared memory beyond 48 KB without opt-in", Invalid, "MAX_DYNAMIC_SHARED_SIZE_BYTES", (session, isWrong) =>
        {
            CUfunction function = session.Function(SmallKernels.Shared, "shared");
            if (!isWrong) Ok(session.Driver.cuFuncSetAttribute(function, CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, 64 * 1024));
            return session.Launch(function, 1, 32, 64 * 1024, default, session.Allocate(4));
        }),
        Refused(
            "shared memory beyond the card's", Invalid, "more than sm_80 has", (session, isWrong) =>
            Shared(session, SmallKernels.Shared, 1, 1, isWrong ? 200u * 1024 : 47 * 1024)),
        Refused("missing argument", Invalid, "argument 3 of 4 is missing", (session, isWrong) =>
        {
            ulong* values = stackalloc ulong[4];
            void** places = stackalloc void*[4];
            CUdeviceptr x = session.Upload(1);
            Pack([x, x, 1, 1], values, places);
            if (isWrong) places[3] = null;
            return session.Driver.cuLaunchKernel(session.Function(SmallKernels.Add, "add"), 1, 1, 1, 32, 1, 1, 0, default, places, null);
        }),
        Refused("argument buffer of another size", Invalid, "has 20 bytes, the kernel's parameters have 24", (session, isWrong) =>
        {
            CUdeviceptr x = session.Upload(1);
            ulong* buffer = stackalloc ulong[3] { x.Value, x.Value, 1 | 1UL << 32 };
            nuint size = isWrong ? 20u : 24;
            void** extra = stackalloc void*[] { (void*)1, buffer, (void*)2, &size, (void*)0 };
            return session.Driver.cuLaunchKernel(session.Function(SmallKernels.Add, "add"), 1, 1, 1, 32, 1, 1, 0, default, null, extra);
        }),
        Refused("kernel that requires clusters", CUresult.CUDA_ERROR_NOT_SUPPORTED, "clusters", (session, isWrong) =>
            Shared(
                session, SmallKernels.Shared.Replace(
                ".maxntid 256, 1, 1", isWrong ? ".reqnctapercluster 2, 1, 1" : ".reqnctapercluster 1, 1, 1", StringComparison.Ordinal), 2, 1, 0)),
        Refused("launch with a cluster dimension", CUresult.CUDA_ERROR_NOT_SUPPORTED, "clusters", (session, isWrong) =>
        {
            var attribute = new CUlaunchAttribute { id = CUlaunchAttributeID.CU_LAUNCH_ATTRIBUTE_CLUSTER_DIMENSION };
            attribute.value.clusterDim = new CUclusterDim { x = isWrong ? 2u : 1, y = 1, z = 1 };
            return Launch(session, SmallKernels.Add, &attribute, session.Upload(1));
        }),

        Early("read of what the preceding launch writes", "ld.global.u32 a, [x];"),
        Early("overwrite of what the preceding launch writes", "st.global.u32 [x], 5;"),
        Early("atomic on what the preceding launch writes", "red.global.add.u32 [x], 5;"),
        Early("asynchronous copy of what the preceding launch writes", "cp.async.ca.shared.global [s], [x], 4;"),
        // The preceding launch never executes launch_dependents: that is allowed, the next one then begins after it.
        new("third launch after a second one that did not wait for the first", FindingKind.MissingGridDependencyWait,
            CUresult.CUDA_ERROR_LAUNCH_FAILED, "'add'", (session, isWrong) =>
        {
            CUdeviceptr x = session.Upload(1);
            Ok(session.Launch(session.Function(SmallKernels.Add, "add"), 1, 32, default, x, x, 1, 1));
            Ok(Programmatic(session, Next(isWrong ? "" : "griddepcontrol.wait;"), x));
            Ok(Programmatic(session, Next("griddepcontrol.launch_dependents; ld.global.u32 a, [x];"), x));
            return session.Driver.cuCtxSynchronize();
        }) { Options = s_hopper },

        Unsupported("undeclared register", "'b' cannot hold a result", "mov.u32 b, a;", "mov.u32 a, 1;"),
        Unsupported("unknown instruction", "'frob' is not supported", "frob.u32 a, a;", "add.u32 a, a, a;"),
        Unsupported("warp-group matrix product", "wgmma", "wgmma.fence.sync.aligned;", "fence.acq_rel.cta;"),
        Unsupported("cluster barrier", "clusters", "barrier.cluster.arrive.aligned;", "barrier.sync.aligned 0;"),
        Unsupported("address in another block of a cluster", "clusters", "mapa.u64 x, x, 0;", "mov.u64 x, x;"),
        Unsupported("mbarrier", "mbarriers", "mbarrier.init.shared.b64 [s], 1;", "st.shared.b64 [s], 1;"),
        Unsupported("vector with too few registers", "expected 2 registers", "ld.global.v2.u32 {a}, [x];", "ld.global.v2.u32 {a, a}, [x];"),
    ];

    private static HostDefect Refused(string name, CUresult status, string says, Func<DriverSession, bool, CUresult> run) =>
        new(name, FindingKind.BadArguments, status, says, run);

    private static CUresult Add(DriverSession session, uint grid, uint block)
    {
        CUdeviceptr x = session.Upload(1);
        return session.Launch(session.Function(SmallKernels.Add, "add"), grid, block, default, x, x, 1, 1);
    }

    private static CUresult Shared(DriverSession session, string ptx, uint gridY, uint blockZ, uint bytes, uint threads = 1)
    {
        ulong* values = stackalloc ulong[1];
        void** places = stackalloc void*[1];
        Pack([session.Allocate(4)], values, places);
        return session.Driver.cuLaunchKernel(session.Function(ptx, "shared"), 1, gridY, 1, threads, 1, blockZ, bytes, default, places, null);
    }

    private static HostDefect Early(string name, string touch) =>
        new(name, FindingKind.MissingGridDependencyWait, CUresult.CUDA_ERROR_LAUNCH_FAILED, "griddepcontrol.wait", (session, isWrong) =>
    {
        CUdeviceptr x = session.Upload(1);
        Ok(session.Launch(session.Function(SmallKernels.Add, "add"), 1, 32, default, x, x, 1, 1));
        Ok(Programmatic(session, Next(isWrong ? touch + " griddepcontrol.wait;" : "griddepcontrol.wait; " + touch), x));
        return session.Driver.cuCtxSynchronize();
    })
        { Options = s_hopper };

    private static CUresult Programmatic(DriverSession session, string ptx, CUdeviceptr x)
    {
        var attribute = new CUlaunchAttribute { id = CUlaunchAttributeID.CU_LAUNCH_ATTRIBUTE_PROGRAMMATIC_STREAM_SERIALIZATION };
        attribute.value.programmaticStreamSerializationAllowed = 1;
        return Launch(session, ptx, &attribute, x);
    }

    private static CUresult Launch(DriverSession session, string ptx, CUlaunchAttribute* attribute, CUdeviceptr x)
    {
        ulong* values = stackalloc ulong[4];
        void** places = stackalloc void*[4];
        Pack([x, x, 1, 1], values, places);
        var config =
            new CUlaunchConfig { gridDimX = 1, gridDimY = 1, gridDimZ = 1, blockDimX = 1, blockDimY = 1, blockDimZ = 1, attrs = attribute, numAttrs = 1 };
        return session.Driver.cuLaunchKernelEx(in config, session.Function(ptx, "add"), places, null);
    }

    private static HostDefect Unsupported(string name, string says, string wrong, string right) =>
        new(name, FindingKind.UnsupportedPtx, CUresult.CUDA_ERROR_INVALID_PTX, says, (session, isWrong) =>
    {
        fixed (byte* text = System.Text.Encoding.UTF8.GetBytes(Next(isWrong ? wrong : right) + "\0"))
        {
            CUresult result = session.Driver.cuModuleLoadDataEx(out CUmodule module, text, 0, null, null);
            return result == CUresult.CUDA_SUCCESS ? session.Driver.cuModuleGetFunction(out _, module, "add") : result;
        }
    })
        { Options = s_hopper };

    /// <summary>A kernel with the parameters of SmallKernels.Add.</summary>
    private static string Next(string body) => $$"""
        .version 7.8
        .target sm_90
        .address_size 64
        .visible .entry add(.param .u64 px, .param .u64 py, .param .u32 value, .param .u32 n)
        {
        .reg .b32 a;
        .reg .b64 x;
        .shared .align 16 .b8 s[16];
        ld.param.u64 x, [px];
        mov.u32 a, 0;
        {{body}}
        ret;
        }
        """;
}
