using NativeDiffusion.Solvers;
using Xunit;

namespace NativeDiffusion.Tests.Solvers;

/// <summary>Names and conventions of the three tools.</summary>
public sealed class ProfileTests
{
    [Theory]
    [InlineData("DPM++ 2M", "karras")]
    [InlineData("dpmpp_2m", "karras")]
    [InlineData("DPM++ 2M SDE", "exponential")]
    [InlineData("Euler a", "uniform")]
    [InlineData("Euler a Karras", "karras")]
    [InlineData("LMS", "uniform")]
    public void A1111_Automatic_TakesTheSamplersSchedule(string sampler, string schedule)
    {
        SolverTable table = SolverProfiles.CreateTable(new SolverChoice { Profile = SolverProfile.A1111, Sampler = sampler, Steps = 12 });
        Assert.Equal(KSchedules.Make(schedule, NoiseSchedule.ForKDiffusion(), 12), table.Sigmas);
    }

    [Theory]
    [InlineData("DPM2 a", SolverProfile.A1111, true)]
    [InlineData("DPM++ 3M SDE", SolverProfile.A1111, true)]
    [InlineData("DPM2", SolverProfile.Comfy, true)]
    [InlineData("dpmpp_3m_sde", SolverProfile.Comfy, false)]
    [InlineData("Euler", SolverProfile.A1111, false)]
    public void PenultimateSigma_IsLeftOutWhereTheToolDoes(string sampler, SolverProfile profile, bool left)
    {
        SolverTable table = SolverProfiles.CreateTable(new SolverChoice { Profile = profile, Sampler = sampler, Schedule = "Karras", Steps = 10 });
        NoiseSchedule noise = profile == SolverProfile.Comfy ? NoiseSchedule.ForComfy() : NoiseSchedule.ForKDiffusion();
        double[] more = KSchedules.Make("karras", noise, left ? 11 : 10);
        Assert.Equal(left ? [.. more[..^2], 0] : more, table.Sigmas);
    }

    [Theory]
    [InlineData(SolverProfile.Diffusers, 0.75, 15)]
    [InlineData(SolverProfile.A1111, 0.75, 16)]
    [InlineData(SolverProfile.A1111, 1, 20)]
    [InlineData(SolverProfile.Comfy, 0.75, 20)]
    public void Picture_Strength_RunsTheToolsNumberOfSteps(SolverProfile profile, double strength, int steps) =>
        Assert.Equal(
            steps, SolverProfiles.CreateTable(
            new SolverChoice { Profile = profile, Sampler = "Euler a", FromPicture = true, Strength = strength, Steps = 20 }).Steps);

    [Fact]
    public void Comfy_FirstScaleAndTimesteps_AreItsOwn()
    {
        SolverTable comfy = SolverProfiles.CreateTable(new SolverChoice { Profile = SolverProfile.Comfy, Sampler = "euler", Schedule = "karras", Steps = 20 });
        SolverTable a1111 = SolverProfiles.CreateTable(new SolverChoice { Profile = SolverProfile.A1111, Sampler = "Euler", Schedule = "Karras", Steps = 20 });
        Assert.Equal(14.6488, comfy.InitNoiseScale, 1e-4);
        Assert.Equal(14.6146, a1111.InitNoiseScale, 1e-4);
        Assert.All(comfy.Rows, row => Assert.Equal(Math.Round(row.Timestep), row.Timestep));
        Assert.Contains(a1111.Rows, row => row.Timestep != Math.Round(row.Timestep));
        Assert.Equal((0, 20), (comfy.NoiseDraws, a1111.NoiseDraws));
    }

    [Fact]
    public void Diffusers_OtherClass_KeepsWhatTheModelsFileSays()
    {
        SchedulerConfig model = SchedulerConfigReader.Read("""
            {"_class_name": "PNDMScheduler", "beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear", "set_alpha_to_one": false, "skip_prk_steps": true, "steps_offset": 1, "timestep_spacing": "leading"}
            """);
        SolverTable ddim = SolverProfiles.CreateTable(new SolverChoice { Sampler = "DDIM", ModelScheduler = model, Steps = 20 });
        Assert.Equal(951, ddim.Rows[0].Timestep);
        Assert.Equal(941, SolverProfiles.CreateTable(new SolverChoice { Sampler = "DPM++ 2M", ModelScheduler = model, Steps = 20 }).Rows[0].Timestep);
        // Stable Diffusion 1.5's file says no spacing: the new class takes its own.
        Assert.Equal(999, SolverProfiles.CreateTable(new SolverChoice { Sampler = "DPM++ 2M", Steps = 20 }).Rows[0].Timestep);
        Assert.Equal("PNDMScheduler", SolverProfiles.CreateTable(new SolverChoice { Steps = 20 }).Name);
        Assert.Equal("UniPCMultistepScheduler", SolverProfiles.CreateTable(new SolverChoice { Sampler = "UniPCMultistep", Steps = 20 }).Name);
    }

    [Fact]
    public void Names_AllThatAreShown_MakeTables()
    {
        foreach (SolverProfile profile in Enum.GetValues<SolverProfile>())
        {
            foreach (string sampler in SolverProfiles.SamplerNames(profile))
                Assert.True(SolverProfiles.CreateTable(new SolverChoice { Profile = profile, Sampler = sampler, Steps = 8 }).Rows.Count >= 8, sampler);
            foreach (string schedule in SolverProfiles.ScheduleNames(profile))
                Assert.Equal(8, SolverProfiles.CreateTable(new SolverChoice { Profile = profile, Sampler = "DPM++ 2M", Schedule = schedule, Steps = 8 }).Steps);
        }
    }

    [Fact]
    public void A1111_Quantized_HasWholeTimesteps() =>
        Assert.All(
            SolverProfiles.CreateTable(new SolverChoice { Profile = SolverProfile.A1111, Sampler = "DPM++ 2M", QuantizeTimesteps = true }).Rows, row =>
            Assert.Equal(Math.Round(row.Timestep), row.Timestep));

    [Fact]
    public void Comfy_TinyStrength_IsRefusedBeforeItGrows() =>
        Assert.Equal(
            "strength", Assert.ThrowsAny<ArgumentException>(
            () => SolverProfiles.CreateTable(new SolverChoice { Profile = SolverProfile.Comfy, FromPicture = true, Strength = 1e-12 })).ParamName);

    [Theory]
    [InlineData("sampler", SolverProfile.A1111, "DDIM", null)]
    [InlineData("sampler", SolverProfile.A1111, "DPM adaptive", null)]
    [InlineData("sampler", SolverProfile.Diffusers, "DPM++ SDE", null)]
    [InlineData("sampler", SolverProfile.Diffusers, "Euler b", null)]
    [InlineData("schedule", SolverProfile.Diffusers, "Euler a", "Karras")]
    [InlineData("schedule", SolverProfile.A1111, "Euler", "Quadratic")]
    [InlineData("schedule", SolverProfile.Comfy, "Euler", "Polyexponential")]
    public void Names_ThatCannotBe_AreRefused(string option, SolverProfile profile, string sampler, string? schedule) =>
        Assert.Equal(
            option, Assert.ThrowsAny<ArgumentException>(
            () => SolverProfiles.CreateTable(new SolverChoice { Profile = profile, Sampler = sampler, Schedule = schedule })).ParamName);
}
