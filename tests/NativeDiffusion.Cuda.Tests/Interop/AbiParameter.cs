namespace NativeDiffusion.Cuda.Tests.Interop;

/// <summary>A parameter as C declares it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type below all pointers.</param>
/// <param name="Pointers">Levels of pointers; an array counts as one.</param>
/// <param name="IsInput">Whether it points to const.</param>
internal sealed record AbiParameter(string Name, string Type, int Pointers, bool IsInput)
{
    private static readonly Dictionary<string, int> s_widths = new()
    {
        ["int"] = 4,
        ["unsigned int"] = 4,
        ["size_t"] = 8,
        ["unsigned long long"] = 8,
        ["long long int"] = 8,
        ["float"] = 4,
        ["char"] = 1,
        ["unsigned char"] = 1,
        ["unsigned short"] = 2,
        ["cuuint32_t"] = 4,
        ["cuuint64_t"] = 8,
        ["CUdevice"] = 4,
        ["CUdeviceptr"] = 8,
        ["CUcontext"] = 8,
        ["CUstream"] = 8,
        ["cudaStream_t"] = 8,
        ["CUevent"] = 8,
        ["CUmodule"] = 8,
        ["CUfunction"] = 8,
        ["CUkernel"] = 8,
        ["CUgraph"] = 8,
        ["CUgraphExec"] = 8,
        ["CUgraphNode"] = 8,
        ["CUmemoryPool"] = 8,
        ["cublasHandle_t"] = 8,
        ["nvrtcProgram"] = 8,
        // Enums: C's int.
        ["CUresult"] = 4,
        ["CUdevice_attribute"] = 4,
        ["CUlimit"] = 4,
        ["CUmemPool_attribute"] = 4,
        ["CUpointer_attribute"] = 4,
        ["CUstreamCaptureMode"] = 4,
        ["CUstreamCaptureStatus"] = 4,
        ["CUjit_option"] = 4,
        ["CUfunction_attribute"] = 4,
        ["CUgraphNodeType"] = 4,
        ["CUkernelNodeAttrID"] = 4,
        ["CUtensorMapDataType"] = 4,
        ["CUtensorMapInterleave"] = 4,
        ["CUtensorMapSwizzle"] = 4,
        ["CUtensorMapL2promotion"] = 4,
        ["CUtensorMapFloatOOBfill"] = 4,
        ["cublasOperation_t"] = 4,
        ["cudaDataType"] = 4,
        ["cublasComputeType_t"] = 4,
        ["cublasGemmAlgo_t"] = 4,
        ["cublasMath_t"] = 4,
        ["cublasPointerMode_t"] = 4,
        ["cublasStatus_t"] = 4,
        ["nvrtcResult"] = 4,
    };

    // Our structures of other names than C's.
    private static readonly Dictionary<string, string> s_sameAs = new()
    {
        ["CUkernelNodeAttrID"] = "CUlaunchAttributeID",
        ["CUkernelNodeAttrValue"] = "CUlaunchAttributeValue",
        ["cudaStream_t"] = "CUstream",
    };

    /// <summary>Bytes of the type below the pointers; null for void and structures, whose sizes have tests of their own.</summary>
    public int? Width => s_widths.TryGetValue(Type, out int width) ? width : null;

    /// <summary>The C# type's name, where it must have one of its own.</summary>
    public string? OwnName => s_sameAs.TryGetValue(Type, out string? name) ? name : Type.StartsWith("CU", StringComparison.Ordinal)
        || Type.EndsWith("_t", StringComparison.Ordinal) && Type != "size_t" ? Type : null;

    public static AbiParameter Parse(string text)
    {
        string spaced = text.Replace("*", " * ", StringComparison.Ordinal).Replace("[]", " []", StringComparison.Ordinal);
        List<string> words = [.. spaced.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        int pointers = words.Count(word => word is "*" or "[]");
        // const before the last level of pointers: the pointed-to argument is not modified.
        int last = words.FindLastIndex(word => word is "*" or "[]");
        int before = last < 0 ? -1 : words.FindLastIndex(last - 1, word => word is "*" or "[]");
        bool isInput = last >= 0 && words.FindIndex(before + 1, last - before, word => word == "const") >= 0;
        words.RemoveAll(word => word is "const" or "*" or "[]");
        string name = words[^1];
        words.RemoveAt(words.Count - 1);
        return new AbiParameter(name, string.Join(' ', words), pointers, isInput);
    }
}
