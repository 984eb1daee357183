using System.Text.Json;

namespace NativeDiffusion.Solvers;

/// <summary>Reads a diffusers <c>scheduler_config.json</c>.</summary>
public static class SchedulerConfigReader
{
    /// <summary>Reads a scheduler's options; missing ones have the class's default, unknown ones are ignored.</summary>
    /// <param name="json">The file's text; Python's <c>-Infinity</c> is accepted.</param>
    /// <param name="className">The class to use instead of the file's <c>_class_name</c>, as by <c>from_config</c>; null for the file's.</param>
    /// <exception cref="ArgumentException">Not JSON, no class, an unknown class, or a value of the wrong kind.</exception>
    public static SchedulerConfig Read(string json, string? className = null)
    {
        JsonDocument document;
        try
        {
            document = PythonJson.Parse(json);
        }
        catch (JsonException exception)
        {
            throw new ArgumentException($"The scheduler's configuration is not JSON: {exception.Message}", nameof(json), exception);
        }

        using (document) return Read(document.RootElement, className);
    }

    /// <summary>Reads a scheduler's options from an object parsed by <see cref="PythonJson"/>.</summary>
    /// <param name="json">The object.</param>
    /// <param name="className">The class to use instead of the object's <c>_class_name</c>; null for the object's.</param>
    /// <exception cref="ArgumentException">No class, an unknown class, or a value of the wrong kind.</exception>
    public static SchedulerConfig Read(JsonElement json, string? className = null)
    {
        if (json.ValueKind != JsonValueKind.Object) throw new ArgumentException("The scheduler's configuration is not a JSON object.", nameof(json));
        if (className is null && json.TryGetProperty("_class_name", out JsonElement named)) className = named.GetString();
        if (className is null) throw new ArgumentException("The scheduler's configuration has no _class_name; pass the class.", nameof(className));
        SchedulerConfig config = SchedulerConfig.ForClass(className);
        foreach (JsonProperty property in json.EnumerateObject())
        {
            try
            {
                config = With(config, property.Name, property.Value);
            }
            catch (Exception exception) when (exception is InvalidOperationException or FormatException)
            {
                throw new ArgumentException($"{property.Name}: {property.Value.GetRawText()} is not a value for {config.ClassName}.", property.Name, exception);
            }
        }

        return config with { Source = json.GetRawText() };
    }

    private static SchedulerConfig With(SchedulerConfig config, string name, JsonElement value) => name switch
    {
        "num_train_timesteps" => config with { NumTrainTimesteps = value.GetInt32() },
        "beta_start" => config with { BetaStart = Number(value) },
        "beta_end" => config with { BetaEnd = Number(value) },
        "beta_schedule" => config with { BetaSchedule = Text(value) },
        "trained_betas" => config with { TrainedBetas = Numbers(value) },
        "prediction_type" => config with { PredictionType = Text(value) },
        "timestep_spacing" => config with { TimestepSpacing = Text(value) },
        "steps_offset" => config with { StepsOffset = value.GetInt32() },
        "rescale_betas_zero_snr" => config with { RescaleBetasZeroSnr = Switch(value) },
        "use_karras_sigmas" => config with { UseKarrasSigmas = Switch(value) },
        "use_exponential_sigmas" => config with { UseExponentialSigmas = Switch(value) },
        "use_beta_sigmas" => config with { UseBetaSigmas = Switch(value) },
        "use_lu_lambdas" => config with { UseLuLambdas = Switch(value) },
        "final_sigmas_type" => config with { FinalSigmasType = Text(value) },
        "lambda_min_clipped" => config with { LambdaMinClipped = Number(value) },
        "solver_order" => config with { SolverOrder = value.GetInt32() },
        "algorithm_type" => config with { AlgorithmType = Text(value) },
        "solver_type" => config with { SolverType = Text(value) },
        "lower_order_final" => config with { LowerOrderFinal = Switch(value) },
        "euler_at_final" => config with { EulerAtFinal = Switch(value) },
        "variance_type" => config with { VarianceType = value.GetString() },
        "predict_x0" => config with { PredictX0 = Switch(value) },
        "disable_corrector" => config with { DisableCorrector = [.. Numbers(value)?.Select(step => (int)step) ?? []] },
        "set_alpha_to_one" => config with { SetAlphaToOne = Switch(value) },
        "skip_prk_steps" => config with { SkipPrkSteps = Switch(value) },
        "original_inference_steps" => config with { OriginalInferenceSteps = value.GetInt32() },
        "timestep_scaling" => config with { TimestepScaling = Number(value) },
        "interpolation_type" => config with { InterpolationType = Text(value) },
        "timestep_type" => config with { TimestepType = Text(value) },
        "sigma_min" => config with { SigmaMin = Optional(value) },
        "sigma_max" => config with { SigmaMax = Optional(value) },
        "clip_sample" => config with { ClipSample = Switch(value) },
        "thresholding" => config with { Thresholding = Switch(value) },
        "use_flow_sigmas" => config with { UseFlowSigmas = Switch(value) },
        _ => config,
    };

    private static string Text(JsonElement value) => value.GetString() ?? throw new FormatException();

    private static bool Switch(JsonElement value) => value.ValueKind != JsonValueKind.Null && value.GetBoolean();

    private static double Number(JsonElement value) => PythonJson.Number(value);

    private static double? Optional(JsonElement value) => value.ValueKind == JsonValueKind.Null ? null : Number(value);

    private static double[]? Numbers(JsonElement value) => value.ValueKind == JsonValueKind.Null ? null : [.. value.EnumerateArray().Select(Number)];
}
