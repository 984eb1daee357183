using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Tests.Support;

namespace NativeDiffusion.VirtualGpu.Tests.Defects;

/// <summary>Every defect in API calls is reported and returns the status of a device; every twin is clean.</summary>
public sealed class HostDefectTests
{
    internal static IReadOnlyDictionary<string, HostDefect> All { get; } =
        new[] { HostDefects.All, CaptureDefects.All, LaunchDefects.All }.SelectMany(table => table).ToDictionary(defect => defect.Name);

    public static TheoryData<string> Names() => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Defect_IsFoundAndAnswered(string name)
    {
        HostDefect defect = All[name];
        using var session = new DriverSession(defect.Options);
        CUresult status = defect.Run(session, true);
        IReadOnlyList<Finding> findings = session.Driver.Findings;
        string told = string.Join(Environment.NewLine, findings);
        Assert.True(status == defect.Status, $"{status}: {told}");
        Assert.Contains(findings, finding => finding.Message.Contains(defect.Says, StringComparison.Ordinal));
        Assert.All(findings, finding => Assert.True(finding.Kind == defect.Kind, told));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Twin_GoesThrough(string name)
    {
        using var session = new DriverSession(All[name].Options);
        CUresult status = All[name].Run(session, false);
        Assert.True(
            status == CUresult.CUDA_SUCCESS && session.Driver.Findings.Count == 0, $"{status}: {string.Join(Environment.NewLine, session.Driver.Findings)}");
    }
}
