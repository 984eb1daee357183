namespace NativeDiffusion.Cuda.Driver;

/// <summary>The requirements on NVIDIA's driver, and the versions of functions that not every supported driver exports.</summary>
internal static class DriverRequirements
{
    /// <summary>The oldest supported driver, as reported by cuDriverGetVersion: CUDA 12.0 (R525).</summary>
    public const int Oldest = 12000;

    /// <summary>The CUDA version whose driver first exported a function, for those younger than the oldest supported driver.</summary>
    public static string? Since(string function) => function switch
    {
        "cuFuncGetParamInfo" or "cuFuncLoad" => "12.4",
        "cuFuncGetName" => "12.3",
        // With edge data; without it the older form is called.
        "cuGraphAddDependencies" or "cuGraphGetEdges" or "cuGraphNodeGetDependencies" => "12.3",
        _ => null,
    };

    /// <summary>12040 as 12.4.</summary>
    public static string Text(int version) => $"{version / 1000}.{version % 1000 / 10}";
}
