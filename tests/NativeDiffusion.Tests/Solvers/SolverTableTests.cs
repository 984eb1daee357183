using NativeDiffusion.Solvers;
using Xunit;

namespace NativeDiffusion.Tests.Solvers;

/// <summary>What a table promises whoever walks it.</summary>
public sealed class SolverTableTests
{
    private static readonly SchedulerConfig s_model = SolverProfiles.StableDiffusion15;

    public static TheoryData<string> ClassNames => [.. SchedulerConfig.ClassNames];

    [Theory]
    [MemberData(nameof(ClassNames))]
    public void Diffusers_SameOptions_GiveTheSameTable(string className)
    {
        SolverTable first = Table(className, 7), second = Table(className, 7);
        Assert.Equal(first.Rows, second.Rows);
        Assert.Equal(first.Sigmas, second.Sigmas);
        Assert.Throws<NotSupportedException>(() => ((IList<SolverRow>)first.Rows)[0] = second.Rows[1]);
        Assert.Throws<NotSupportedException>(() => ((IList<double>)first.Sigmas).Add(1));
    }

    [Theory]
    [MemberData(nameof(ClassNames))]
    public void Diffusers_EveryScheduler_ReadsOnlyWhatWasWritten(string className)
    {
        foreach (int steps in (int[])[4, 5, 9, 20])
        {
            SolverTable table = Table(className, steps);
            Assert.Equal(steps, table.Steps);
            AssertDefined(table);
        }
    }

    [Theory]
    [MemberData(nameof(ClassNames))]
    public void Diffusers_Strength_RunsTheLastSteps(string className)
    {
        if (className == "PNDMScheduler") return;
        SolverTable whole = Table(className, 20), part = Table(className, 20, strength: 0.3);
        Assert.Equal(6, part.Steps);
        Assert.Equal(whole.Rows[^part.Rows.Count].Timestep, part.Rows[0].Timestep);
        Assert.Equal(whole.Rows[^1].Timestep, part.Rows[^1].Timestep);
        Assert.Equal(part.Rows[0].AddNoise, part.InitPictureMix);
        AssertDefined(part);
    }

    [Fact]
    public void KDiffusion_EverySampler_ReadsOnlyWhatWasWritten()
    {
        double[] sigmas = KSchedules.Make("karras", NoiseSchedule.ForKDiffusion(), 9);
        foreach (string sampler in KDiffusionSolvers.SamplerNames)
        {
            SolverTable table = KDiffusionSolvers.CreateTable(new KSamplerOptions { Sampler = sampler, Sigmas = sigmas });
            Assert.Equal(9, table.Steps);
            Assert.Equal(sigmas[0], table.InitNoiseScale);
            AssertDefined(table);
        }
    }

    [Theory]
    [InlineData("sample_euler", 10, 10)]
    [InlineData("sample_heun", 19, 10)]
    [InlineData("sample_dpm_2", 19, 10)]
    [InlineData("sample_euler_ancestral", 10, 9)]
    [InlineData("sample_dpmpp_sde", 19, 18)]
    [InlineData("sample_dpmpp_2m", 10, 0)]
    public void KDiffusion_CountsEvaluationsAndDraws(string sampler, int evaluations, int draws)
    {
        SolverTable table = KDiffusionSolvers.CreateTable(
            new KSamplerOptions { Sampler = sampler, Sigmas = KSchedules.Make("karras", NoiseSchedule.ForKDiffusion(), 10) });
        Assert.Equal((evaluations, draws), (table.Rows.Count, table.NoiseDraws));
    }

    [Fact]
    public void DpmPlusPlusSde_Noise_SpansTheHalfAndTheWholeStep()
    {
        SolverTable table = KDiffusionSolvers.CreateTable(new KSamplerOptions { Sampler = "sample_dpmpp_sde", Sigmas = [10, 2.5, 0] });
        Assert.Equal([(10.0, 5.0), (10.0, 2.5)], table.Rows.Take(2).Select(row => (Math.Round(row.NoiseFrom, 5), Math.Round(row.NoiseTo, 5))));
        Assert.Equal((10, 2.5), table.NoiseRange);
    }

    [Fact]
    public void Formula_IsReadable()
    {
        SolverCombination combination = new SolverCombination { X = 0.5, X0 = -1.25 } + 2 * new SolverCombination { Noise = 1 };
        Assert.Equal("0.5·x - 1.25·x0 + 2·noise", combination.ToString());
        Assert.Equal("0", default(SolverCombination).ToString());
    }

    private static SolverTable Table(string className, int steps, double strength = 1) => DiffusersSolvers.CreateTable(
        SchedulerConfig.ForClass(
            className) with
        { BetaStart = s_model.BetaStart, BetaEnd = s_model.BetaEnd, BetaSchedule = s_model.BetaSchedule, ClipSample = false },
        new SolverTableOptions { Steps = steps, Strength = strength });

    // A slot is read only after it was written, saved x only after it was saved, and a noise only where it is drawn.
    private static void AssertDefined(SolverTable table)
    {
        bool[] written = new bool[SolverTable.HistorySlots];
        bool saved = false;
        int step = 0;
        foreach (SolverRow row in table.Rows)
        {
            foreach (SolverCombination combination in (SolverCombination[])[row.Next, row.Save])
            {
                double[] slots = [combination.Slot0, combination.Slot1, combination.Slot2, combination.Slot3];
                for (int slot = 0; slot < slots.Length; slot++) Assert.True(slots[slot] == 0 || written[slot], $"{table.Name}: slot {slot} at {row.Timestep}");
                Assert.True(combination.Saved == 0 || saved, $"{table.Name}: saved at {row.Timestep}");
                Assert.True(combination.Noise == 0 || row.DrawsAfter, $"{table.Name}: noise at {row.Timestep}");
            }

            Assert.True(row.NoiseBefore == 0 || row.DrawsBefore);
            if (row.StoreSlot >= 0) written[row.StoreSlot] = true;
            saved = row.Save != default;
            Assert.Equal(step, row.Step);
            if (row.EndsStep) step++;
        }

        Assert.True(table.Rows[^1].EndsStep);
        Assert.Equal(default, table.Rows[^1].Save with { X = 0, Saved = 0, X0 = 0, Eps = 0, Slot0 = 0, Slot1 = 0, Slot2 = 0, Slot3 = 0 });
    }
}
