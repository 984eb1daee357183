namespace NativeDiffusion.Solvers;

/// <summary>
/// A diffusers scheduler with its options, under diffusers' own names and defaults (diffusers 0.42). Created by <see cref="ForClass"/> or
/// <see cref="SchedulerConfigReader"/>; an option that a class does not have is kept but unused, as in diffusers.
/// </summary>
public sealed record SchedulerConfig
{
    /// <summary>The scheduler's class: <c>DPMSolverMultistepScheduler</c>.</summary>
    public required string ClassName { get; init; }

    /// <summary>num_train_timesteps.</summary>
    public int NumTrainTimesteps { get; init; } = 1000;

    /// <summary>beta_start.</summary>
    public double BetaStart { get; init; } = 0.0001;

    /// <summary>beta_end.</summary>
    public double BetaEnd { get; init; } = 0.02;

    /// <summary>beta_schedule: linear, scaled_linear, squaredcos_cap_v2 (and exp, laplace, sigmoid).</summary>
    public string BetaSchedule { get; init; } = "linear";

    /// <summary>trained_betas, which then replace the schedule, or null.</summary>
    public IReadOnlyList<double>? TrainedBetas { get; init; }

    /// <summary>prediction_type: epsilon, v_prediction or sample.</summary>
    public string PredictionType { get; init; } = "epsilon";

    /// <summary>timestep_spacing: linspace, leading or trailing.</summary>
    public string TimestepSpacing { get; init; } = "linspace";

    /// <summary>steps_offset: added to the timesteps of leading spacing.</summary>
    public int StepsOffset { get; init; }

    /// <summary>rescale_betas_zero_snr.</summary>
    public bool RescaleBetasZeroSnr { get; init; }

    /// <summary>use_karras_sigmas.</summary>
    public bool UseKarrasSigmas { get; init; }

    /// <summary>use_exponential_sigmas.</summary>
    public bool UseExponentialSigmas { get; init; }

    /// <summary>use_beta_sigmas.</summary>
    public bool UseBetaSigmas { get; init; }

    /// <summary>use_lu_lambdas (DPMSolverMultistep).</summary>
    public bool UseLuLambdas { get; init; }

    /// <summary>final_sigmas_type: zero or sigma_min.</summary>
    public string FinalSigmasType { get; init; } = "zero";

    /// <summary>lambda_min_clipped (DPMSolver): λ below it are not used.</summary>
    public double LambdaMinClipped { get; init; } = double.NegativeInfinity;

    /// <summary>solver_order.</summary>
    public int SolverOrder { get; init; } = 2;

    /// <summary>algorithm_type: dpmsolver, dpmsolver++, sde-dpmsolver or sde-dpmsolver++.</summary>
    public string AlgorithmType { get; init; } = "dpmsolver++";

    /// <summary>solver_type: midpoint, heun, bh1, bh2 or logrho, by class.</summary>
    public string SolverType { get; init; } = "midpoint";

    /// <summary>lower_order_final.</summary>
    public bool LowerOrderFinal { get; init; } = true;

    /// <summary>euler_at_final (DPMSolverMultistep).</summary>
    public bool EulerAtFinal { get; init; }

    /// <summary>variance_type: DDPM's fixed_small, fixed_small_log or fixed_large.</summary>
    public string? VarianceType { get; init; }

    /// <summary>predict_x0 (UniPC).</summary>
    public bool PredictX0 { get; init; } = true;

    /// <summary>disable_corrector (UniPC): the steps without correction.</summary>
    public IReadOnlyList<int> DisableCorrector { get; init; } = [];

    /// <summary>set_alpha_to_one (DDIM, PNDM, LCM, TCD): whether the last step ends at a clean picture or at timestep 0.</summary>
    public bool SetAlphaToOne { get; init; } = true;

    /// <summary>skip_prk_steps (PNDM).</summary>
    public bool SkipPrkSteps { get; init; }

    /// <summary>original_inference_steps (LCM, TCD).</summary>
    public int OriginalInferenceSteps { get; init; } = 50;

    /// <summary>timestep_scaling (LCM).</summary>
    public double TimestepScaling { get; init; } = 10;

    /// <summary>interpolation_type (Euler): linear or log_linear.</summary>
    public string InterpolationType { get; init; } = "linear";

    /// <summary>timestep_type (Euler): discrete or continuous.</summary>
    public string TimestepType { get; init; } = "discrete";

    /// <summary>sigma_min (Euler, UniPC): replaces the lower end of Karras, exponential and beta sigmas.</summary>
    public double? SigmaMin { get; init; }

    /// <summary>sigma_max (Euler, UniPC): replaces the upper end.</summary>
    public double? SigmaMax { get; init; }

    /// <summary>clip_sample: cannot be a table and is rejected if the class supports it.</summary>
    public bool ClipSample { get; init; }

    /// <summary>thresholding: cannot be a table and is rejected.</summary>
    public bool Thresholding { get; init; }

    /// <summary>use_flow_sigmas: for another family of models; rejected.</summary>
    public bool UseFlowSigmas { get; init; }

    /// <summary>The source text, so that another class can be created from it as by <c>from_config</c>: only values in the file are
    /// copied.</summary>
    internal string? Source { get; init; }

    /// <summary>The supported schedulers; the suffix <c>Scheduler</c> is required.</summary>
    public static IReadOnlyList<string> ClassNames => DiffusersSolvers.ClassNames;

    /// <summary>A scheduler with its class's defaults.</summary>
    /// <param name="className">The class's name, with or without <c>Scheduler</c> at the end.</param>
    /// <exception cref="ArgumentException">The class is unknown.</exception>
    public static SchedulerConfig ForClass(string className) => DiffusersSolvers.Defaults(className);
}
