using System.Collections.Frozen;

namespace NativeDiffusion.Randomness;

/// <summary>Multiprocessors and resident threads of GPUs, as specified by NVIDIA.</summary>
internal static class CudaCards
{
    /// <summary>GPU name to its threads.</summary>
    public static FrozenDictionary<string, CudaThreads> Table { get; } = new Dictionary<string, CudaThreads>
    {
        ["GTX 1060"] = new(10, 2048),
        ["GTX 1070"] = new(15, 2048),
        ["GTX 1080"] = new(20, 2048),
        ["GTX 1080 Ti"] = new(28, 2048),
        ["GTX 1650"] = new(14, 1024),
        ["GTX 1660"] = new(22, 1024),
        ["GTX 1660 Ti"] = new(24, 1024),
        ["RTX 2060"] = new(30, 1024),
        ["RTX 2070"] = new(36, 1024),
        ["RTX 2080"] = new(46, 1024),
        ["RTX 2080 Ti"] = new(68, 1024),
        ["RTX 3050"] = new(20, 1536),
        ["RTX 3060"] = new(28, 1536),
        ["RTX 3060 Ti"] = new(38, 1536),
        ["RTX 3070"] = new(46, 1536),
        ["RTX 3070 Ti"] = new(48, 1536),
        ["RTX 3080"] = new(68, 1536),
        ["RTX 3080 Ti"] = new(80, 1536),
        ["RTX 3090"] = new(82, 1536),
        ["RTX 3090 Ti"] = new(84, 1536),
        ["RTX 4060"] = new(24, 1536),
        ["RTX 4060 Ti"] = new(34, 1536),
        ["RTX 4070"] = new(46, 1536),
        ["RTX 4070 Super"] = new(56, 1536),
        ["RTX 4070 Ti"] = new(60, 1536),
        ["RTX 4080"] = new(76, 1536),
        ["RTX 4080 Super"] = new(80, 1536),
        ["RTX 4090"] = new(128, 1536),
        ["RTX 5080"] = new(84, 1536),
        ["RTX 5090"] = new(170, 1536),
        ["T4"] = new(40, 1024),
        ["P100"] = new(56, 2048),
        ["V100"] = new(80, 2048),
        ["A10"] = new(72, 1536),
        ["L4"] = new(58, 1536),
        ["L40S"] = new(142, 1536),
        ["A100"] = new(108, 2048),
        ["H100"] = new(132, 2048),
        ["H100 PCIe"] = new(114, 2048),
        ["H200"] = new(132, 2048),
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
}
