namespace NativeDiffusion.Checkpoints;

/// <summary>Tensors of checkpoints that inference does not need: EMA weights, schedules and buffers of training.</summary>
internal static class Leftovers
{
    private static readonly string[] s_beginnings =
        ["model_ema.", "sqrt_", "log_one_minus_", "log_", "posterior_", "alphas_cumprod", "loss.", "first_stage_model.loss.", "lvlb_weights", "denoise."];
    private static readonly string[] s_names =
        ["betas", "logvar", "scale_factor", "v_pred", "ztsnr", "cond_stage_model.logit_scale", "logit_scale", "text_projection.weight",
        "cond_stage_model.text_projection", "cond_stage_model.transformer.text_projection.weight"];
    private static readonly string[] s_ends = ["position_ids", ".num_batches_tracked"];

    /// <summary>Whether a tensor is one of these.</summary>
    /// <param name="name">Its full name in the file.</param>
    public static bool Has(string name) =>
        s_names.Contains(name)
        || s_beginnings.Any(beginning => name.StartsWith(beginning, StringComparison.Ordinal))
        || s_ends.Any(end => name.EndsWith(end, StringComparison.Ordinal));
}
