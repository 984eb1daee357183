using System.Text.Json;
using NativeDiffusion.Solvers;

namespace NativeDiffusion.Verification;

/// <summary>The arguments of a golden case's steps.</summary>
internal static class StepArguments
{
    /// <summary>Reads those of a diffusers case.</summary>
    /// <exception cref="ArgumentException">An argument is not known.</exception>
    public static SolverTableOptions Diffusers(JsonElement entry)
    {
        var options = new SolverTableOptions { Steps = entry.GetProperty("steps").GetInt32() };
        foreach (JsonProperty argument in entry.GetProperty("step_arguments").EnumerateObject())
        {
            options = argument.Name switch
            {
                "eta" => options with { Eta = PythonJson.Number(argument.Value) },
                "s_churn" => options with { SChurn = PythonJson.Number(argument.Value) },
                "s_tmin" => options with { STmin = PythonJson.Number(argument.Value) },
                "s_tmax" => options with { STmax = PythonJson.Number(argument.Value) },
                "s_noise" => options with { SNoise = PythonJson.Number(argument.Value) },
                "order" => options with { LmsOrder = argument.Value.GetInt32() },
                "original_inference_steps" => options with { OriginalInferenceSteps = argument.Value.GetInt32() },
                // Without clipping it changes nothing.
                "use_clipped_model_output" => options,
                _ => throw new ArgumentException($"step argument '{argument.Name}' is not known", argument.Name),
            };
        }

        return options;
    }

    /// <summary>Reads a k-diffusion case: sampler, schedule and arguments.</summary>
    /// <exception cref="ArgumentException">A name is not known.</exception>
    public static KSamplerOptions KDiffusion(JsonElement entry)
    {
        NoiseSchedule noise = NoiseSchedule.ForKDiffusion();
        var options = new KSamplerOptions
        {
            Sampler = entry.GetProperty("sampler").GetString()!,
            Sigmas = KSchedules.Make(entry.GetProperty("schedule").GetString()!, noise, entry.GetProperty("steps").GetInt32()),
            Noise = noise,
            Quantize = entry.GetProperty("quantize").GetBoolean(),
        };
        foreach (JsonProperty argument in entry.GetProperty("arguments").EnumerateObject())
        {
            options = argument.Name switch
            {
                "eta" => options with { Eta = PythonJson.Number(argument.Value) },
                "s_noise" => options with { SNoise = PythonJson.Number(argument.Value) },
                "s_churn" => options with { SChurn = PythonJson.Number(argument.Value) },
                "s_tmin" => options with { STmin = PythonJson.Number(argument.Value) },
                "s_tmax" => options with { STmax = PythonJson.Number(argument.Value) },
                "order" => options with { Order = argument.Value.GetInt32() },
                "solver_type" => options with { SolverType = argument.Value.GetString() },
                "r" => options with { R = PythonJson.Number(argument.Value) },
                _ => throw new ArgumentException($"argument '{argument.Name}' is not known", argument.Name),
            };
        }

        return options;
    }
}
