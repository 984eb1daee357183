using NativeDiffusion.VirtualGpu.Checks;
using NativeDiffusion.VirtualGpu.Execution;

namespace NativeDiffusion.VirtualGpu.Tests.Defects;

/// <summary>A block's clock has 20 bits; after more synchronisations there are neither false nor missed reports.</summary>
public sealed class LongRunTests
{
    // Two warps, eighty thousand iterations of eight fences each, words exchanged in each iteration; then a race, or none.
    private static readonly Defect s_defect = new("a race behind a million fences", FindingKind.SharedRace, """
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

    // Writes of block 0 before the restart of its clock count like later ones.
    private static readonly Defect s_blocks = new("a flag behind a million fences", FindingKind.MissingFence, """
        @!isBlock0 bra SPIN;
        mov.u32 d, 0;
        TURN:
        setp.eq.u32 p, d, 60000;
        @p st.global.u32 [y], 5; //!
        membar.gl; membar.gl; membar.gl; membar.gl; membar.gl; membar.gl; membar.gl; membar.gl;
        add.u32 d, d, 1;
        setp.lt.u32 p, d, 80000;
        @p bra TURN;
        st.volatile.global.u32 [z], 1;
        bra END;
        SPIN:
        ld.volatile.global.u32 a, [z];
        setp.eq.u32 p, a, 0;
        @p bra SPIN;
        {}
        ld.global.u32 b, [y]; //!
        END:
        """, "", "membar.gl;") { Grid = 2, Block = 1 };

    [Theory]
    [CombinatorialData]
    public void MillionsOfFences_NeitherAccuseNorBlind(bool isTwin, bool areBlocks)
    {
        var options = new ExecutionOptions { Workers = 1, Patience = 10_000_000 };
        Defect defect = areBlocks ? s_blocks : s_defect;
        IReadOnlyList<Finding> findings = new DefectKernel(defect, isTwin, options).Run();
        Assert.True(findings.Count == 0 == isTwin, string.Join(Environment.NewLine, findings));
        Assert.All(findings, finding => Assert.Equal(defect.Kind, finding.Kind));
    }
}
