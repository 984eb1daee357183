using NativeDiffusion.Cuda.Interop;
using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Tests.Support;

namespace NativeDiffusion.VirtualGpu.Tests.Crimes;

/// <summary>Every crime of the host is found and answered as a card would; every twin goes through.</summary>
public sealed class HostCrimeTests
{
    internal static IReadOnlyDictionary<string, HostCrime> All { get; } =
        new[] { HostCrimes.All, CaptureCrimes.All, LaunchCrimes.All }.SelectMany(table => table).ToDictionary(crime => crime.Name);

    public static TheoryData<string> Names() => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Crime_IsFoundAndAnswered(string name)
    {
        HostCrime crime = All[name];
        using var session = new DriverSession(crime.Options);
        CUresult status = crime.Run(session, true);
        IReadOnlyList<Finding> findings = session.Driver.Findings;
        string told = string.Join(Environment.NewLine, findings);
        Assert.True(status == crime.Status, $"{status}: {told}");
        Assert.Contains(findings, finding => finding.Message.Contains(crime.Says, StringComparison.Ordinal));
        Assert.All(findings, finding => Assert.True(finding.Kind == crime.Kind, told));
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
