using NativeDiffusion.Verification;
using Xunit;

namespace NativeDiffusion.Tests.Text;

public sealed class TextConditionerGoldenTests
{
    [Fact]
    public void EncodeText_Goldens_AreWithinBudget() => GoldenCases.AllPass(new TextCheck(), "text-a1111.json");
}
