using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Execution;

namespace NativeDiffusion.VirtualGpu.Tests.Crimes;

/// <summary>Every crime is found in every schedule, compiled or not, and tells its place; every twin is clean.</summary>
public sealed class CrimeTests
{
    internal static IReadOnlyDictionary<string, Crime> All { get; } =
        new[] { AddressCrimes.All, UnwrittenCrimes.All, SharedCrimes.All, CopyCrimes.All, WarpCrimes.All, BarrierCrimes.All, BlockCrimes.All,
            ControlCrimes.All }
            .SelectMany(table => table).ToDictionary(crime => crime.Name);

    public static TheoryData<string> Names() => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Crime_IsFoundWhereItIs(string name)
    {
        Crime crime = All[name];
        foreach (ExecutionOptions options in CrimeKernel.Ways())
        {
            var kernel = new CrimeKernel(crime, false, options);
            IReadOnlyList<Finding> findings = kernel.Run();
            string told = $"{options}:{Environment.NewLine}{string.Join(Environment.NewLine, findings)}";
            Assert.True(findings.Count > 0, told);
            Assert.All(findings, finding => Assert.True(finding.Kind == crime.Kind || finding.Kind == crime.Also, told));
            Finding first = findings[0];
            Assert.Equal("crime", first.Kernel);
            Assert.True(first.Block!.Value.X < crime.Grid && first.Thread!.Value.X < crime.Block, told);
            Assert.True(crime.Lines.Any(line => first.Source == $"crime.cu:{line}"), told);
            Assert.Contains($"block ({first.Block.Value.X}, 0, 0), thread ({first.Thread!.Value.X}, 0, 0)", first.Message, StringComparison.Ordinal);
            Assert.Contains(first.Source!, first.Message, StringComparison.Ordinal);
            if (crime.Thread >= 0) Assert.True(first.Thread.Value.X == crime.Thread, told);
            if (crime.At is { } place) Assert.True(first.Address == kernel.Address(place), $"not 0x{kernel.Address(place):X}: {told}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Twin_IsClean(string name)
    {
        foreach (ExecutionOptions options in CrimeKernel.Ways())
        {
            IReadOnlyList<Finding> findings = new CrimeKernel(All[name], true, options).Run();
            Assert.True(findings.Count == 0, $"{options}:{Environment.NewLine}{string.Join(Environment.NewLine, findings)}");
        }
    }
}
