using NativeDiffusion.Solvers;
using Xunit;

namespace NativeDiffusion.Tests.Solvers;

/// <summary>Noise levels and timesteps against numbers that were computed elsewhere.</summary>
public sealed class ScheduleTests
{
    private static readonly NoiseSchedule s_noise = NoiseSchedule.ForKDiffusion();

    [Fact]
    public void Noise_StableDiffusion15_HasItsKnownEnds()
    {
        Assert.Equal(0.0291672, s_noise.Sigmas[0], 5e-7);
        Assert.Equal(14.614641, s_noise.Sigmas[^1], 1e-5);
        Assert.Equal(0.99915, s_noise.AlphasCumprod[0], 1e-6);
        Assert.Equal(0.0046601, s_noise.AlphasCumprod[^1], 1e-6);
    }

    [Fact]
    public void Karras_TwentySteps_AreTheKnownLevelsAndTimesteps()
    {
        double[] sigmas = KSchedules.Make("karras", s_noise, 20);
        double[] known =
            [14.6146, 11.7254, 9.3402, 7.3836, 5.7894, 4.4998, 3.4647, 2.6408, 1.9909, 1.4832, 1.0908, 0.7909, 0.5647, 0.3964, 0.2730, 0.1842, 0.1213, 0.0779,
            0.0485, 0.0292, 0];
        Assert.Equal(known.Length, sigmas.Length);
        Assert.All(known.Zip(sigmas), pair => Assert.Equal(pair.First, pair.Second, 6e-5));
        int[] timesteps = [.. sigmas[..^1].Select(sigma => (int)Math.Round(s_noise.TimestepOf(sigma)))];
        Assert.Equal([999, 962, 921, 876, 827, 772, 710, 640, 561, 474, 380, 285, 197, 123, 69, 35, 15, 6, 2, 0], timesteps);
    }

    [Theory]
    [InlineData("linspace", 999, 949, 50)]
    [InlineData("leading", 941, 894, 48)]
    [InlineData("trailing", 999, 949, 49)]
    public void Multistep_EachSpacing_HasItsKnownTimesteps(string spacing, int first, int second, int last)
    {
        SolverTable table = Table("DPMSolverMultistepScheduler", 20, config => config with { TimestepSpacing = spacing, StepsOffset = 1 });
        Assert.Equal((first, second, last), ((int)table.Rows[0].Timestep, (int)table.Rows[1].Timestep, (int)table.Rows[^1].Timestep));
    }

    [Theory]
    [InlineData("linspace", 946.4210526, 52.5789474, 0, 14.6146)]
    [InlineData("leading", 901, 51, 1, 11.0736)]
    [InlineData("trailing", 949, 99, 49, 14.6146)]
    public void EulerAncestral_EachSpacing_HasItsKnownTimestepsAndScale(string spacing, double second, double lastButOne, double last, double scale)
    {
        SolverTable table = Table("EulerAncestralDiscreteScheduler", 20, config => config with { TimestepSpacing = spacing, StepsOffset = 1 });
        Assert.Equal(second, table.Rows[1].Timestep, 1e-4);
        Assert.Equal(lastButOne, table.Rows[^2].Timestep, 1e-4);
        Assert.Equal(last, table.Rows[^1].Timestep, 1e-4);
        Assert.Equal(scale, table.InitNoiseScale, 1e-4);
    }

    [Fact]
    public void Lu_TwentySteps_IsLogUniform()
    {
        SolverTable table = Table("DPMSolverMultistepScheduler", 20, config => config with { UseLuLambdas = true });
        Assert.Equal([14.6146, 10.5363, 7.5961, 5.4763, 3.9481], table.Sigmas.Take(5).Select(sigma => Math.Round(sigma, 4)));
        Assert.Equal(0.0405, table.Sigmas[18], 5e-5);
    }

    // scipy.stats.beta.ppf, scipy 1.10.
    [Theory]
    [InlineData(1e-4, 0.6, 0.6, 3.998377158137721e-07)]
    [InlineData(0.05, 0.6, 0.6, 0.012554456873611399)]
    [InlineData(0.25, 0.6, 0.6, 0.17568037865269498)]
    [InlineData(0.5, 0.6, 0.6, 0.5)]
    [InlineData(0.6, 0.6, 0.6, 0.6372990092467856)]
    [InlineData(0.9, 0.6, 0.6, 0.9604155944112192)]
    [InlineData(0.999, 0.6, 0.6, 0.9999814412614826)]
    [InlineData(0.05, 2.5, 1.5, 0.2355340414426219)]
    [InlineData(0.9, 2.5, 1.5, 0.8984626744524907)]
    public void BetaQuantile_IsScipys(double probability, double a, double b, double expected) =>
        Assert.Equal(expected, BetaDistribution.Quantile(probability, a, b), 1e-13 + 1e-11 * expected);

    [Fact]
    public void Schedules_EveryName_FallsToZero()
    {
        foreach (string name in KSchedules.Names)
        {
            foreach (int steps in (int[])[1, 2, 7, 20, 50])
            {
                double[] sigmas = KSchedules.Make(name, s_noise, steps);
                Assert.Equal(0, sigmas[^1]);
                Assert.True(sigmas.Zip(sigmas.Skip(1)).All(pair => pair.First > pair.Second), $"{name}, {steps} steps");
                if (name != "ddim") Assert.Equal(steps + 1, sigmas.Length);
            }
        }
    }

    [Fact]
    public void PythonJson_InfinityOutsideStrings_IsRead()
    {
        SchedulerConfig config = SchedulerConfigReader.Read("""{"_class_name": "DPMSolverMultistepScheduler", "lambda_min_clipped": -Infinity, "note": "a \" -Infinity inside", "solver_order": 3, "unknown": NaN}""");
        Assert.Equal(double.NegativeInfinity, config.LambdaMinClipped);
        Assert.Equal(3, config.SolverOrder);
        Assert.Equal("midpoint", config.SolverType);
    }

    private static SolverTable Table(string className, int steps, Func<SchedulerConfig, SchedulerConfig> change) => DiffusersSolvers.CreateTable(
        change(SchedulerConfig.ForClass(className) with { BetaStart = 0.00085, BetaEnd = 0.012, BetaSchedule = "scaled_linear" }),
        new SolverTableOptions { Steps = steps });
}
