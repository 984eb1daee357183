using NativeDiffusion.VirtualGpu.Execution;
using NativeDiffusion.VirtualGpu.Tests.Support;

namespace NativeDiffusion.VirtualGpu.Tests.Counters;

/// <summary>Counters depend on the kernel alone: not on the host's threads, on compiling, on checks, or on whether only counting was asked for.</summary>
public sealed class RepeatabilityTests
{
    // Lanes go different numbers of turns, most turns of each block apart; then a barrier, an atomic and a pass over shared memory.
    private const string Ptx = """
        .version 7.0
        .target sm_80
        .address_size 64
        .visible .entry apart(.param .u64 y, .param .u32 n)
        {
            .shared .align 4 .b8 memory[512];
            .reg .pred %p<6>;
            .reg .b32 %r<12>;
            .reg .b64 %rd<6>;
            ld.param.u64 %rd1, [y];
            ld.param.u32 %r1, [n];
            mov.u32 %r2, %tid.x;
            mov.u32 %r3, %ctaid.x;
            add.u32 %r4, %r2, %r3;
            rem.u32 %r4, %r4, %r1;
            mov.u32 %r5, 0;
            mov.u32 %r6, 0;
        TURN:
            setp.ge.u32 %p1, %r5, %r4;
            @%p1 bra DONE;
            and.b32 %r7, %r5, 1;
            setp.eq.u32 %p2, %r7, 0;
            @%p2 bra EVEN;
            add.u32 %r6, %r6, 3;
        EVEN:
            add.u32 %r5, %r5, 1;
            bra TURN;
        DONE:
            shl.b32 %r8, %r2, 2;
            mov.u32 %r9, memory;
            add.u32 %r9, %r9, %r8;
            st.shared.u32 [%r9], %r6;
            bar.sync 0;
            ld.shared.u32 %r10, [%r9];
            red.global.add.u32 [%rd1], %r10;
            ret;
        }
        """;

    [Theory]
    [CombinatorialData]
    public void Counters_AreTheSame_HoweverTheyAreCounted([CombinatorialValues(1, 2, 3)] int workers, bool isCompiled, bool isCounting, bool hasChecks)
    {
        LaunchTally plain = Run(new ExecutionOptions { Workers = 1 });

        LaunchTally tally = Run(new ExecutionOptions { Workers = workers, IsCompiled = isCompiled, IsCounting = isCounting, HasChecks = hasChecks });

        Assert.Equal(plain.Instructions, tally.Instructions);
        Assert.Equal(
            (plain.ThreadInstructions, plain.DivergentBranches, plain.UniqueBytes, plain.Memory.GlobalSectors, plain.Memory.SharedWavefronts,
                plain.Memory.GlobalAtomics, plain.Memory.Barriers),
            (tally.ThreadInstructions, tally.DivergentBranches, tally.UniqueBytes, tally.Memory.GlobalSectors, tally.Memory.SharedWavefronts,
                tally.Memory.GlobalAtomics, tally.Memory.Barriers));
        Assert.True(plain.DivergentBranches > 1000);
    }

    private static LaunchTally Run(ExecutionOptions options)
    {
        var device = new TestDevice(Ptx, options);
        return device.Launch("apart", 60, 128, device.Upload(0u), 37).Clean().Tally;
    }
}
