using NativeDiffusion.Solvers;
using Xunit;

namespace NativeDiffusion.Tests.Solvers;

/// <summary>Options that cannot be are refused, with the option's name first.</summary>
public sealed class OptionTests
{
    public static TheoryData<string, string> BadConfigurations => new()
    {
        { "thresholding", """{"_class_name": "DPMSolverMultistepScheduler", "thresholding": true}""" },
        { "clip_sample", """{"_class_name": "DDIMScheduler"}""" },
        { "use_flow_sigmas", """{"_class_name": "DPMSolverMultistepScheduler", "use_flow_sigmas": true}""" },
        { "use_karras_sigmas", """{"_class_name": "EulerDiscreteScheduler", "use_karras_sigmas": true, "use_beta_sigmas": true}""" },
        { "solver_order", """{"_class_name": "DPMSolverMultistepScheduler", "solver_order": 4}""" },
        { "solver_order", """{"_class_name": "UniPCMultistepScheduler", "solver_order": 5}""" },
        { "solver_order", """{"_class_name": "DPMSolverMultistepScheduler", "solver_order": 3, "algorithm_type": "sde-dpmsolver", "final_sigmas_type": "sigma_min"}""" },
        { "final_sigmas_type", """{"_class_name": "DPMSolverMultistepScheduler", "algorithm_type": "dpmsolver"}""" },
        { "final_sigmas_type", """{"_class_name": "DPMSolverMultistepScheduler", "final_sigmas_type": "none"}""" },
        { "algorithm_type", """{"_class_name": "DPMSolverSinglestepScheduler", "algorithm_type": "sde-dpmsolver", "final_sigmas_type": "sigma_min"}""" },
        { "solver_type", """{"_class_name": "UniPCMultistepScheduler", "solver_type": "euler"}""" },
        { "beta_schedule", """{"_class_name": "LMSDiscreteScheduler", "beta_schedule": "sqrt"}""" },
        { "prediction_type", """{"_class_name": "LMSDiscreteScheduler", "prediction_type": "x"}""" },
        { "timestep_spacing", """{"_class_name": "EulerDiscreteScheduler", "timestep_spacing": "even"}""" },
        { "interpolation_type", """{"_class_name": "EulerDiscreteScheduler", "interpolation_type": "cubic"}""" },
        { "timestep_type", """{"_class_name": "EulerDiscreteScheduler", "timestep_type": "x"}""" },
        { "variance_type", """{"_class_name": "DDPMScheduler", "clip_sample": false, "variance_type": "learned_range"}""" },
        { "variance_type", """{"_class_name": "DDPMScheduler", "clip_sample": false, "variance_type": "fixed_large_log"}""" },
        { "original_inference_steps", """{"_class_name": "LCMScheduler", "original_inference_steps": 2000}""" },
        { "num_train_timesteps", """{"_class_name": "LMSDiscreteScheduler", "num_train_timesteps": 0}""" },
        { "num_train_timesteps", """{"_class_name": "DDIMScheduler", "clip_sample": false, "num_train_timesteps": 2000000000}""" },
        { "trained_betas", """{"_class_name": "LMSDiscreteScheduler", "trained_betas": [0.1, 0.2]}""" },
        { "scheduler", """{"_class_name": "FlowMatchEulerDiscreteScheduler"}""" },
        { "solver_order", """{"_class_name": "DEISMultistepScheduler", "solver_order": "two"}""" },
    };

    [Theory]
    [MemberData(nameof(BadConfigurations))]
    public void Configuration_ThatCannotBe_IsRefusedByName(string option, string json)
    {
        ArgumentException refused = Assert.ThrowsAny<ArgumentException>(
            () => DiffusersSolvers.CreateTable(SchedulerConfigReader.Read(json), new SolverTableOptions { Steps = 10 }));
        Assert.Equal(option, refused.ParamName);
        Assert.StartsWith(option + ": ", refused.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, SolverTableOptions> BadRuns => new()
    {
        { "steps", new() { Steps = 0 } },
        { "steps", new() { Steps = -3 } },
        { "steps", new() { Steps = 1_000_000 } },
        { "strength", new() { Steps = 10, Strength = 0 } },
        { "strength", new() { Steps = 10, Strength = double.NaN } },
        { "strength", new() { Steps = 10, Strength = 0.05 } },
        { "eta", new() { Steps = 10, Eta = 0.5 } },
        { "s_churn", new() { Steps = 10, SNoise = 1.1 } },
        { "sigmas", new() { Sigmas = [3, 1, 0] } },
        { "timesteps", new() { Timesteps = [] } },
        { "timesteps", new() { Timesteps = [5], Sigmas = [3, 0] } },
    };

    [Theory]
    [MemberData(nameof(BadRuns))]
    public void Run_ThatCannotBe_IsRefusedByName(string option, SolverTableOptions run)
    {
        ArgumentException refused = Assert.ThrowsAny<ArgumentException>(
            () => DiffusersSolvers.CreateTable(SchedulerConfig.ForClass("DPMSolverMultistepScheduler"), run));
        Assert.Equal(option, refused.ParamName);
    }

    [Fact]
    public void UniPC_DivisionByZero_IsRefusedWithItsStep()
    {
        SchedulerConfig config = SchedulerConfig.ForClass("UniPCMultistepScheduler") with { LowerOrderFinal = false };
        Assert.Contains(
            "step 10", Assert.Throws<ArgumentException>(
            () => DiffusersSolvers.CreateTable(config, new SolverTableOptions { Steps = 10 })).Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, KSamplerOptions> BadSamplers => new()
    {
        { "sampler", new() { Sampler = "sample_dpm_fast", Sigmas = [3, 1, 0] } },
        { "eta", new() { Sampler = "sample_euler", Sigmas = [3, 1, 0], Eta = 1 } },
        { "s_churn", new() { Sampler = "sample_lms", Sigmas = [3, 1, 0], SChurn = 1 } },
        { "s_noise", new() { Sampler = "sample_heun", Sigmas = [3, 1, 0], SNoise = double.NaN } },
        { "order", new() { Sampler = "sample_lms", Sigmas = [3, 1, 0], Order = 6 } },
        { "solver_type", new() { Sampler = "sample_dpmpp_2m_sde", Sigmas = [3, 1, 0], SolverType = "rk4" } },
        { "r", new() { Sampler = "sample_dpmpp_sde", Sigmas = [3, 1, 0], R = 0 } },
        { "sigmas", new() { Sampler = "sample_euler", Sigmas = [1, 3, 0] } },
        { "sigmas", new() { Sampler = "sample_euler", Sigmas = [3, double.NaN, 0] } },
        { "strength", new() { Sampler = "sample_euler", Sigmas = [3, 1, 0], FirstStep = 2 } },
    };

    [Theory]
    [MemberData(nameof(BadSamplers))]
    public void Sampler_ThatCannotBe_IsRefusedByName(string option, KSamplerOptions options) =>
        Assert.Equal(option, Assert.ThrowsAny<ArgumentException>(() => KDiffusionSolvers.CreateTable(options)).ParamName);
}
