using NativeDiffusion.VirtualGpu.Checks;

namespace NativeDiffusion.VirtualGpu.Tests.Crimes;

public sealed class KindTests
{
    [Fact]
    public void EveryKindOfFinding_HasACrimeAndItsTwin()
    {
        IEnumerable<FindingKind> kinds = CrimeTests.All.Values.Select(crime => crime.Kind).Concat(HostCrimeTests.All.Values.Select(crime => crime.Kind));
        Assert.Empty(Enum.GetValues<FindingKind>().Except(kinds));
    }
}
