using NativeDiffusion.VirtualGpu.Checks;

namespace NativeDiffusion.VirtualGpu.Tests.Defects;

public sealed class KindTests
{
    [Fact]
    public void EveryKindOfFinding_HasADefectAndATwin()
    {
        IEnumerable<FindingKind> kinds = DefectTests.All.Values.Select(defect => defect.Kind).Concat(HostDefectTests.All.Values.Select(defect => defect.Kind));
        Assert.Empty(Enum.GetValues<FindingKind>().Except(kinds));
    }
}
