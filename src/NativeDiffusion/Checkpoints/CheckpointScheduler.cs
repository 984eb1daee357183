using System.Text.Json;

namespace NativeDiffusion.Checkpoints;

/// <summary>A checkpoint's noise schedule.</summary>
/// <param name="File">The file with the schedule, for messages.</param>
/// <param name="ClassName">diffusers' class of the scheduler, or null if the file has none.</param>
/// <param name="Json">
/// The object of scheduler_config.json; the words NaN, Infinity and -Infinity are strings. For a single file: values of its YAML under
/// the same keys (beta_start, beta_end, beta_schedule, num_train_timesteps, prediction_type).
/// </param>
public sealed record CheckpointScheduler(string File, string? ClassName, JsonElement Json);
