namespace NativeDiffusion.Cuda.Interop;

/// <summary>Outcome of a whole-graph update: anything but success names a reason to instantiate anew.</summary>
public enum CUgraphExecUpdateResult
{
    CU_GRAPH_EXEC_UPDATE_SUCCESS = 0,
}
