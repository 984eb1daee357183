using NativeDiffusion.VirtualGpu.Checks;

namespace NativeDiffusion.Testing.Cuda;

/// <summary>The virtual GPU found something where a test wants nothing found.</summary>
public sealed class FoundException(IReadOnlyList<Finding> findings) : Exception(string.Join(Environment.NewLine, findings))
{
    public IReadOnlyList<Finding> Findings => findings;

    public static void ThrowIfAny(IReadOnlyList<Finding> findings)
    {
        if (findings.Count > 0) throw new FoundException(findings);
    }
}
