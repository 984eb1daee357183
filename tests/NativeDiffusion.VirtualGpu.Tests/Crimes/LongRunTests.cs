using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Execution;

namespace NativeDiffusion.VirtualGpu.Tests.Crimes;

/// <summary>A block's clock has 20 bits; more synchronisations than that neither accuse nor blind.</summary>
public sealed class LongRunTests
{
    // Two warps, eighty thousand turns of eight fences each, words handed over in each turn; then a race, or none.
    private static readonly Crime s_crime = new("a race behind a million fences", FindingKind.SharedRace, """
        mov.u32 d, 0;
        mov.u32 e0, s;
        xor.b32 b, tid, 1;
        mad.lo.u32 b, b, 4, e0;
        xor.b32 e1, tid, 32;
        mad.lo.u32 e1, e1, 4, e0;
        TURN:
        st.shared.u32 [si], d; //!
        bar.warp.sync -1;
        ld.shared.u32 a, [b];
        membar.gl; membar.gl; membar.gl; membar.gl; membar.gl; membar.gl; membar.gl; membar.gl;
        bar.warp.sync -1;
        add.u32 d, d, 1;
        setp.lt.u32 p, d, 80000;
        @p bra TURN;
        {}
        ld.shared.u32 a, [e1]; //!
        """, "", "bar.sync 0;");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void MillionsOfFences_NeitherAccuseNorBlind(bool isTwin)
    {
        var options = new ExecutionOptions { Workers = 1, Patience = 10_000_000 };
        IReadOnlyList<Finding> findings = new CrimeKernel(s_crime, isTwin, options).Run();
        if (isTwin) Assert.Empty(findings);
        else Assert.All(findings.Select(finding => finding.Kind), kind => Assert.Equal(FindingKind.SharedRace, kind));
        Assert.Equal(isTwin, findings.Count == 0);
    }
}
