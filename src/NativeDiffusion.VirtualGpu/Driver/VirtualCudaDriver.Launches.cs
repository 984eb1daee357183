using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Counters;
using NativeDiffusion.VirtualGpu.Devices;
using NativeDiffusion.VirtualGpu.Driver;
using NativeDiffusion.VirtualGpu.Execution;
using NativeDiffusion.VirtualGpu.Lowering;
using NativeDiffusion.VirtualGpu.Memory;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu;

/// <summary>Launches: arguments are copied at the call, limits are the device's, findings fail the context.</summary>
public sealed unsafe partial class VirtualCudaDriver
{
    private uint _lastLaunch;

    /// <inheritdoc/>
    public CUresult cuLaunchKernel(
        CUfunction f, uint gridDimX, uint gridDimY, uint gridDimZ, uint blockDimX, uint blockDimY, uint blockDimZ, uint sharedMemBytes,
        CUstream hStream, void** kernelParams, void** extra)
    {
        lock (_gate)
        {
            var grid = new Dimensions(gridDimX, gridDimY, gridDimZ);
            var block = new Dimensions(blockDimX, blockDimY, blockDimZ);
            return Launch(f, grid, block, sharedMemBytes, hStream, kernelParams, extra, false, false);
        }
    }

    /// <inheritdoc/>
    public CUresult cuLaunchKernelEx(in CUlaunchConfig config, CUfunction f, void** kernelParams, void** extra)
    {
        lock (_gate)
        {
            bool isProgrammatic = false, isCooperative = false;
            for (uint i = 0; i < config.numAttrs; i++)
            {
                ref readonly CUlaunchAttribute attribute = ref config.attrs[i];
                switch (attribute.id)
                {
                    case CUlaunchAttributeID.CU_LAUNCH_ATTRIBUTE_PROGRAMMATIC_STREAM_SERIALIZATION:
                        isProgrammatic = attribute.value.programmaticStreamSerializationAllowed != 0;
                        break;
                    case CUlaunchAttributeID.CU_LAUNCH_ATTRIBUTE_COOPERATIVE:
                        isCooperative = attribute.value.cooperative != 0;
                        break;
                    case CUlaunchAttributeID.CU_LAUNCH_ATTRIBUTE_CLUSTER_DIMENSION:
                        if (attribute.value.clusterDim is { x: <= 1, y: <= 1, z: <= 1 }) break;
                        _findings.Add(
                            Finding.Of(FindingKind.BadArguments, "the launch has a cluster dimension; clusters are not supported."));
                        return CUresult.CUDA_ERROR_NOT_SUPPORTED;
                    default:
                        break;
                }
            }
            var grid = new Dimensions(config.gridDimX, config.gridDimY, config.gridDimZ);
            var block = new Dimensions(config.blockDimX, config.blockDimY, config.blockDimZ);
            return Launch(f, grid, block, config.sharedMemBytes, config.hStream, kernelParams, extra, isProgrammatic, isCooperative);
        }
    }

    private CUresult Launch(
        CUfunction handle, Dimensions grid, Dimensions block, uint shared, CUstream streamHandle, void** parameters, void** extra, bool isProgrammatic,
        bool isCooperative)
    {
        CUresult result = Enter(out VirtualDevice device, CaptureRule.Safe, "cuLaunchKernel");
        if (result != CUresult.CUDA_SUCCESS) return result;
        if (Stream(device, streamHandle) is not { } stream) return CUresult.CUDA_ERROR_INVALID_HANDLE;
        result = Prepare(device, handle, grid, block, shared, parameters, extra, isProgrammatic, out KernelCall? call);
        if (result != CUresult.CUDA_SUCCESS) return result;
        if (isCooperative)
        {
            int resident = Occupancy.Blocks(device.Model, (int)block.Count, call!.Function.Image.StaticSharedBytes + (int)shared, Registers(call.Function));
            if (grid.Count > (ulong)(resident * device.Model.Multiprocessors)) return CUresult.CUDA_ERROR_COOPERATIVE_LAUNCH_TOO_LARGE;
        }
        if (stream.Capture is { } capture)
        {
            GraphNode node = CaptureNode(capture, stream, CUgraphNodeType.CU_GRAPH_NODE_TYPE_KERNEL);
            node.Kernel = call;
            if (isProgrammatic)
                for (int i = 0; i < node.After.Count; i++) node.After[i] =
                    (node.After[i].Node, new CUgraphEdgeData { from_port = CUgraphEdgeData.PortProgrammatic, type = CUgraphEdgeData.TypeProgrammatic });
            return CUresult.CUDA_SUCCESS;
        }
        LaunchedKernel[] before = stream.Last?.Kernel is { } last ? [last] : [];
        var self = new LaunchedKernel { Name = call!.Function.Name };
        return Add(device, stream, call.Function.Name, () => Run(device, call, self, before), self);
    }

    /// <summary>Copies the arguments of a launch and checks it against the device's limits.</summary>
    private CUresult Prepare(
        VirtualDevice device, CUfunction handle, Dimensions grid, Dimensions block, uint shared, void** parameters, void** extra, bool isProgrammatic,
        out KernelCall? call)
    {
        call = null;
        if (Find<VirtualFunction>(handle.Value) is not { } function || function.Module.Device != device) return CUresult.CUDA_ERROR_INVALID_HANDLE;
        if (shared > int.MaxValue) return CUresult.CUDA_ERROR_INVALID_VALUE;
        byte[]? bytes = Arguments(function, parameters, extra);
        if (bytes is null) return CUresult.CUDA_ERROR_INVALID_VALUE;
        call =
            new KernelCall { Function = function, Grid = grid, Block = block, SharedBytes = (int)shared, Parameters = bytes, IsProgrammatic = isProgrammatic };
        (CUresult status, string? reason) = LaunchLimits.Check(call, device.Model, Registers(function));
        if (reason is not null) ReportArguments(function, $"invalid launch: {reason}");
        return status;
    }

    private byte[]? Arguments(VirtualFunction function, void** parameters, void** extra)
    {
        var bytes = new byte[function.Image.ParameterBytes];
        if (parameters is null && extra is not null) return ArgumentBuffer(function, bytes, extra);
        IReadOnlyList<PtxVariable> list = function.Image.Function.Parameters;
        int offset = 0;
        for (int i = 0; i < list.Count; i++)
        {
            if (parameters is null || parameters[i] is null)
            {
                ReportArguments(function, $"argument {i} of {list.Count} is missing");
                return null;
            }
            offset = FunctionLowering.Align(offset, list[i].Alignment);
            new ReadOnlySpan<byte>(parameters[i], (int)list[i].Size).CopyTo(bytes.AsSpan(offset));
            offset += (int)list[i].Size;
        }
        return bytes;
    }

    /// <summary>The packed form (extra): markers with a pointer and a size, ended by zero.</summary>
    private byte[]? ArgumentBuffer(VirtualFunction function, byte[] bytes, void** extra)
    {
        void* buffer = null;
        nuint size = 0;
        for (int i = 0; (nint)extra[i] != 0; i += 2)
        {
            if ((nint)extra[i] == 1) buffer = extra[i + 1];
            else if ((nint)extra[i] == 2) size = *(nuint*)extra[i + 1];
            else return null;
        }
        if (buffer is null || size != (nuint)bytes.Length)
        {
            ReportArguments(function, $"the argument buffer has {size} bytes, the kernel's parameters have {bytes.Length}");
            return null;
        }
        new ReadOnlySpan<byte>(buffer, bytes.Length).CopyTo(bytes);
        return bytes;
    }

    private void ReportArguments(VirtualFunction function, string text) =>
        _findings.Add(Finding.Of(FindingKind.BadArguments, $"{function.Name}: {text}.") with { Kernel = function.Name });

    /// <summary>Executes a launch when its stream reaches it.</summary>
    private void Run(VirtualDevice device, KernelCall call, LaunchedKernel self, IReadOnlyList<LaunchedKernel> before)
    {
        if (device.Broken != CUresult.CUDA_SUCCESS) return;
        if (call.Function.Module.IsUnloaded)
        {
            // cuModuleUnload waits for direct launches, so this launch comes from a graph.
            _findings.Add(
                Finding.Of(FindingKind.UseAfterFree, $"a graph launched {call.Function.Name} after its module was unloaded.") with
                {
                    Kernel = call.Function.Name,
                });
            device.Broken = CUresult.CUDA_ERROR_ILLEGAL_ADDRESS;
            return;
        }
        self.Id = ++_lastLaunch;
        var launch = new KernelLaunch
        {
            Image = call.Function.Image,
            Device = device.Model,
            DeviceOrdinal = device.Ordinal,
            Peers = device.Peers,
            Space = _space,
            GridSize = call.Grid,
            BlockSize = call.Block,
            DynamicSharedBytes = call.SharedBytes,
            StackBytes = (int)device.StackBytes,
            Parameters = call.Parameters,
            Id = self.Id,
            Options = new ExecutionOptions
            {
                Workers = _options.Workers,
                IsAdversarial = _options.IsAdversarial,
                Seed = _options.Seed + (int)self.Id,
                HasChecks = _options.HasChecks,
                IsCounting = _options.IsCounting,
                IsCompiled = _options.IsCompiled,
                IsTruncating = _options.IsTruncating,
                Patience = _options.Patience,
            },
            Pending = call.IsProgrammatic && before.Count > 0 && _options.HasChecks ? Open(before) : null,
        };
        LaunchTally tally = launch.Run();
        if (launch.Pending is not null && !launch.HasWaited) self.LeftOpen = launch.Pending;
        foreach (Allocation allocation in _space.Live) allocation.Initialized.ConsolidateIfTouched();
        IReadOnlyList<Finding> findings = launch.Findings.ToList();
        foreach (Finding finding in findings) _findings.Add(finding);
        if (_options.KeepsLaunches) _launches.Add(Counters(device, call, tally));
        if (findings.Count > 0) device.Broken = Status(findings);
    }

    /// <summary>What the preceding launches wrote and read, and what they left pending themselves.</summary>
    private PendingWrites Open(IReadOnlyList<LaunchedKernel> before)
    {
        var pending = new PendingWrites { Kernel = string.Join(", ", before.Select(launch => launch.Name)) };
        foreach (LaunchedKernel launch in before)
        {
            if (launch.Id > 0)
                foreach (Allocation allocation in _space.Live) pending.Add(allocation, launch.Id);
            if (launch.LeftOpen is not null) pending.Add(launch.LeftOpen);
        }
        return pending;
    }

    /// <summary>The status that a device would return; findings of the virtual GPU alone count as a failed launch.</summary>
    private CUresult Status(IReadOnlyList<Finding> findings)
    {
        foreach (Finding finding in findings)
        {
            CUresult? status = finding.Kind switch
            {
                FindingKind.OutOfBounds or FindingKind.UseAfterFree or FindingKind.ReadOnlyStore => CUresult.CUDA_ERROR_ILLEGAL_ADDRESS,
                FindingKind.Misaligned => CUresult.CUDA_ERROR_MISALIGNED_ADDRESS,
                FindingKind.Trap => CUresult.CUDA_ERROR_LAUNCH_FAILED,
                FindingKind.Hang or FindingKind.Deadlock => CUresult.CUDA_ERROR_LAUNCH_TIMEOUT,
                FindingKind.StackOverflow => CUresult.CUDA_ERROR_HARDWARE_STACK_ERROR,
                _ => null,
            };
            if (status is { } found) return found;
        }
        return _options.FailsOnFindings ? CUresult.CUDA_ERROR_LAUNCH_FAILED : CUresult.CUDA_SUCCESS;
    }

    private LaunchCounters Counters(VirtualDevice device, KernelCall call, LaunchTally tally)
    {
        int shared = call.Function.Image.StaticSharedBytes + call.SharedBytes, registers = Registers(call.Function);
        MemoryTally memory = tally.Memory;
        return new LaunchCounters
        {
            Kernel = call.Function.Name,
            Device = device.Ordinal,
            Grid = ((int)call.Grid.X, (int)call.Grid.Y, (int)call.Grid.Z),
            Block = ((int)call.Block.X, (int)call.Block.Y, (int)call.Block.Z),
            SharedBytes = shared,
            Registers = registers,
            BlocksPerMultiprocessor = Occupancy.Blocks(device.Model, (int)call.Block.Count, shared, registers),
            Instructions = tally.Instructions,
            WarpInstructions = tally.WarpInstructions,
            ThreadInstructions = tally.ThreadInstructions,
            TensorFlops = tally.TensorFlops,
            DivergentBranches = tally.DivergentBranches,
            GlobalLoadBytes = memory.GlobalLoadBytes,
            GlobalStoreBytes = memory.GlobalStoreBytes,
            UniqueBytes = tally.UniqueBytes,
            Sectors = memory.GlobalSectors,
            SectorsNeeded = memory.GlobalSectorsNeeded,
            SharedLoadBytes = memory.SharedLoadBytes,
            SharedStoreBytes = memory.SharedStoreBytes,
            SharedWavefronts = memory.SharedWavefronts,
            BankConflicts = memory.SharedWavefronts - memory.SharedWavefrontsNeeded,
            LocalBytes = memory.LocalBytes,
            GlobalAtomics = memory.GlobalAtomics,
            SharedAtomics = memory.SharedAtomics,
            Barriers = memory.Barriers,
        };
    }
}
