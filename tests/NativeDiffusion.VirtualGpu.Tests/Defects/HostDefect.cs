using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Tests.Support;

namespace NativeDiffusion.VirtualGpu.Tests.Defects;

/// <summary>A sequence of driver calls with a defect, and its correct twin.</summary>
/// <param name="Name">The defect.</param>
/// <param name="Kind">The expected kind.</param>
/// <param name="Status">The status of the call at which it is detected.</param>
/// <param name="Says">A part of the finding's message.</param>
/// <param name="Run">The calls, with the defect if the second argument is true; returns the status of the decisive one.</param>
internal sealed record HostDefect(string Name, FindingKind Kind, CUresult Status, string Says, Func<DriverSession, bool, CUresult> Run)
{
    /// <summary>The options; null for the session's own.</summary>
    public VirtualGpuOptions? Options { get; init; }
}
