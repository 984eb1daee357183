using NativeDiffusion.Solvers;
using Xunit;

namespace NativeDiffusion.Tests.Solvers;

/// <summary>Halving the steps of a solver of order p multiplies its error by 2^p: measured where the exact solution is known.</summary>
public sealed class ConvergenceTests
{
    private const double First = 8, Last = 0.2;

    [Theory]
    [InlineData("sample_euler", 1)]
    [InlineData("sample_euler_ancestral", 1)]
    [InlineData("sample_heun", 2)]
    [InlineData("sample_dpm_2", 2)]
    [InlineData("sample_dpm_2_ancestral", 2)]
    [InlineData("sample_dpmpp_2s_ancestral", 2)]
    [InlineData("sample_dpmpp_sde", 2)]
    [InlineData("sample_dpmpp_2m", 2)]
    [InlineData("sample_dpmpp_2m_sde", 2)]
    [InlineData("sample_dpmpp_3m_sde", 2.6)]
    [InlineData("sample_lms", 2)]
    public void KDiffusion_WithoutNoise_ReachesItsOrder(string sampler, double order)
    {
        bool ancestral = sampler.Contains("ancestral", StringComparison.Ordinal) || sampler.Contains("sde", StringComparison.Ordinal);
        double Error(int steps)
        {
            double[] sigmas = KSchedules.Karras(Last, First, steps + 1)[..^1];
            SolverTable table = KDiffusionSolvers.CreateTable(new KSamplerOptions { Sampler = sampler, Sigmas = sigmas, Eta = ancestral ? 0 : null });
            return GaussianDenoiser.RelativeError(table, Last);
        }

        AssertOrder(order, Error);
    }

    [Theory]
    [InlineData("DPMSolverMultistepScheduler", 1, "dpmsolver++", 1)]
    [InlineData("DPMSolverMultistepScheduler", 2, "dpmsolver++", 2)]
    // Its first steps are of first and second order, which is what is left of the error here.
    [InlineData("DPMSolverMultistepScheduler", 3, "dpmsolver++", 1.8)]
    [InlineData("DPMSolverMultistepScheduler", 2, "dpmsolver", 2)]
    [InlineData("DPMSolverSinglestepScheduler", 1, "dpmsolver++", 1)]
    [InlineData("DPMSolverSinglestepScheduler", 2, "dpmsolver++", 2)]
    [InlineData("DEISMultistepScheduler", 1, "deis", 1)]
    [InlineData("DEISMultistepScheduler", 2, "deis", 2)]
    [InlineData("UniPCMultistepScheduler", 1, "dpmsolver++", 2)]
    [InlineData("UniPCMultistepScheduler", 2, "dpmsolver++", 2.6)]
    public void Diffusers_WithoutNoise_ReachesItsOrder(string className, int solverOrder, string algorithm, double order)
    {
        SchedulerConfig config = SchedulerConfig.ForClass(className) with
        {
            BetaStart = 0.00085,
            BetaEnd = 0.012,
            BetaSchedule = "scaled_linear",
            SolverOrder = solverOrder,
            AlgorithmType = algorithm,
            UseKarrasSigmas = true,
            FinalSigmasType = "sigma_min",
            LowerOrderFinal = false,
        };
        double Error(int steps)
        {
            SolverTable table = DiffusersSolvers.CreateTable(config, new SolverTableOptions { Steps = steps });
            return GaussianDenoiser.RelativeError(table, table.Sigmas[^1]);
        }

        AssertOrder(order, Error);
    }

    [Theory]
    [InlineData("DDIMScheduler")]
    [InlineData("EulerDiscreteScheduler")]
    [InlineData("HeunDiscreteScheduler")]
    [InlineData("DPMSolverMultistepScheduler")]
    [InlineData("UniPCMultistepScheduler")]
    public void Diffusers_AnyPredictionType_GivesTheSamePicture(string className)
    {
        double[] errors =
        [
            .. ((string[])["epsilon", "v_prediction", "sample"]).Select(type =>
            {
                SchedulerConfig config = SchedulerConfig.ForClass(
                    className) with { BetaStart = 0.00085, BetaEnd = 0.012, BetaSchedule = "scaled_linear", ClipSample = false, PredictionType = type };
                return GaussianDenoiser.RelativeError(DiffusersSolvers.CreateTable(config, new SolverTableOptions { Steps = 12 }), 0);
            }),
        ];
        Assert.All(errors, error => Assert.Equal(errors[0], error, 5e-5));
    }

    private static void AssertOrder(double order, Func<int, double> error)
    {
        double coarse = error(20), fine = error(40);
        Assert.True(fine < 0.05, $"error {fine} with 40 steps");
        double measured = Math.Log2(coarse / fine);
        Assert.True(
            measured > order - 0.25
            || fine < 3e-6, $"order {order} expected, {measured:0.00} measured: error {coarse:0.00e+0} with 20 steps, {fine:0.00e+0} with 40");
    }
}
