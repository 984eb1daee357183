using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Execution;

namespace NativeDiffusion.VirtualGpu.Tests.Defects;

/// <summary>Every defect is reported in every schedule, compiled or not, with its location; every twin is clean.</summary>
public sealed class DefectTests
{
    internal static IReadOnlyDictionary<string, Defect> All { get; } =
        new[] { AddressDefects.All, UninitializedDefects.All, SharedDefects.All, CopyDefects.All, WarpDefects.All, BarrierDefects.All, BlockDefects.All,
            ControlDefects.All }
            .SelectMany(table => table).ToDictionary(defect => defect.Name);

    public static TheoryData<string> Names() => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Defect_IsReportedWithItsLocation(string name)
    {
        Defect defect = All[name];
        foreach (ExecutionOptions options in DefectKernel.Ways())
        {
            var kernel = new DefectKernel(defect, false, options);
            IReadOnlyList<Finding> findings = kernel.Run();
            string report = $"{options}:{Environment.NewLine}{string.Join(Environment.NewLine, findings)}";
            Assert.True(findings.Count > 0, report);
            Assert.All(findings, finding => Assert.True(finding.Kind == defect.Kind || finding.Kind == defect.Also, report));
            Finding first = findings[0];
            Assert.Equal("defect", first.Kernel);
            Assert.True(first.Block!.Value.X < defect.Grid && first.Thread!.Value.X < defect.Block, report);
            Assert.True(defect.Lines.Any(line => first.Source == $"defect.cu:{line}"), report);
            Assert.Contains($"block ({first.Block.Value.X}, 0, 0), thread ({first.Thread!.Value.X}, 0, 0)", first.Message, StringComparison.Ordinal);
            Assert.Contains(first.Source!, first.Message, StringComparison.Ordinal);
            if (defect.Thread >= 0) Assert.True(first.Thread.Value.X == defect.Thread, report);
            if (defect.At is { } place) Assert.True(first.Address == kernel.Address(place), $"not 0x{kernel.Address(place):X}: {report}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Twin_IsClean(string name)
    {
        foreach (ExecutionOptions options in DefectKernel.Ways())
        {
            IReadOnlyList<Finding> findings = new DefectKernel(All[name], true, options).Run();
            Assert.True(findings.Count == 0, $"{options}:{Environment.NewLine}{string.Join(Environment.NewLine, findings)}");
        }
    }
}
