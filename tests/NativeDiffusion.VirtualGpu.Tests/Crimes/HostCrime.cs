using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Tests.Support;

namespace NativeDiffusion.VirtualGpu.Tests.Crimes;

/// <summary>A sequence of driver calls that is a crime, and its twin that is none.</summary>
/// <param name="Name">What it does wrong.</param>
/// <param name="Kind">What it must be found as.</param>
/// <param name="Status">What the call that gives it away answers.</param>
/// <param name="Says">What the finding tells, so that whoever reads it knows what to do.</param>
/// <param name="Run">The calls, wrong ones where the second argument is true; gives the answer of the one that matters.</param>
internal sealed record HostCrime(string Name, FindingKind Kind, CUresult Status, string Says, Func<DriverSession, bool, CUresult> Run)
{
    /// <summary>The card; null for the session's own.</summary>
    public VirtualGpuOptions? Options { get; init; }
}
