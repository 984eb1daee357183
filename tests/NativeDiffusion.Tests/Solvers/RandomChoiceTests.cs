using CsCheck;
using NativeDiffusion.Solvers;
using Xunit;

namespace NativeDiffusion.Tests.Solvers;

/// <summary>Whatever is combined gives a table of finite numbers or a refusal that names an option; nothing else is thrown.</summary>
public sealed class RandomChoiceTests
{
    private static readonly Gen<double> s_number = Gen.OneOf(Gen.Double[0, 2], Any<double>(0, 1, -1, double.NaN, double.PositiveInfinity, 1e300, 1e-300));

    private static readonly Gen<SchedulerConfig> s_config =
        from className in Any([.. SchedulerConfig.ClassNames])
        from order in Gen.Int[-1, 6]
        from words in Any(
            "linspace", "leading", "trailing", "zero", "sigma_min", "midpoint", "heun", "bh1", "dpmsolver", "sde-dpmsolver++", "sde-dpmsolver", "epsilon",
            "v_prediction", "sample", "?").Array[5]
        from switches in Gen.Bool.Array[9]
        from train in Any(1000, 50, 2, 1, 0, -5, int.MaxValue)
        from number in s_number
        from offset in Any(0, 1, -3, 999, int.MaxValue)
        select SchedulerConfig.ForClass(className) with
        {
            BetaSchedule = switches[0] ? "scaled_linear" : "squaredcos_cap_v2",
            BetaEnd = number,
            NumTrainTimesteps = switches[8] ? 1000 : train,
            SolverOrder = switches[1] ? 2 : order,
            TimestepSpacing = switches[1] ? "linspace" : words[0],
            FinalSigmasType = switches[2] ? "sigma_min" : words[1],
            SolverType = switches[2] ? "midpoint" : words[2],
            AlgorithmType = switches[3] ? "dpmsolver++" : words[3],
            PredictionType = switches[3] ? "epsilon" : words[4],
            UseKarrasSigmas = switches[4],
            UseLuLambdas = switches[5],
            RescaleBetasZeroSnr = switches[6],
            LowerOrderFinal = switches[7],
            StepsOffset = offset,
            ClipSample = false,
            PredictX0 = switches[0],
            SigmaMin = switches[5] ? number : null,
        };

    [Fact]
    public void Diffusers_AnyConfiguration_IsATableOrARefusal() =>
        Gen.Select(s_config, Gen.Int[-1, 60], s_number).Sample(
            (config, steps, number) =>
                IsTableOrRefusal(() => DiffusersSolvers.CreateTable(config, new SolverTableOptions { Steps = steps, Strength = steps % 2 == 0 ? 1 : number })),
            iter: 4000,
            threads: 1);

    [Fact]
    public void Profiles_AnyChoice_IsATableOrARefusal() =>
        Gen.Select(
            Any(Enum.GetValues<SolverProfile>()), Any([.. SolverProfiles.SamplerNames(SolverProfile.A1111), "", "Karras", "DDIM"]), Any(
            [.. KSchedules.Names, "", "?"]), Gen.Int[-1, 60], s_number, s_number).Sample(
            (profile, sampler, schedule, steps, strength, eta) => IsTableOrRefusal(() => SolverProfiles.CreateTable(new SolverChoice
            {
                Profile = profile,
                Sampler = sampler,
                Schedule = schedule,
                Steps = steps,
                FromPicture = steps % 2 == 0,
                Strength = strength,
                Eta = steps % 3 == 0 ? eta : null,
            })),
            iter: 3000,
            threads: 1);

    [Fact]
    public void SchedulerFiles_AnyText_IsAConfigurationOrARefusal() =>
        Gen.OneOf(
            Gen.String, Gen.Char["{}[]:,\"0123456789-eNaInfinity_clsmt \\"].Array[0, 60].Select(
            letters => "{\"_class_name\": \"DDIMScheduler\", " + new string(letters))).Sample(
            text =>
            {
                try
                {
                    return SchedulerConfigReader.Read(text) is not null;
                }
                catch (ArgumentException)
                {
                    return true;
                }
            },
            iter: 5000,
            threads: 1);

    private static Gen<T> Any<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static bool IsTableOrRefusal(Func<SolverTable> make)
    {
        try
        {
            return make().Rows.All(
                row => row.Next.IsFinite && row.Save.IsFinite && row.Prediction.IsFinite && double.IsFinite(row.Timestep + row.InputScale + row.NoiseBefore));
        }
        catch (ArgumentException refused)
        {
            return refused.Message.Contains(':', StringComparison.Ordinal);
        }
    }
}
