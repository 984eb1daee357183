namespace NativeDiffusion;

/// <summary>
/// Whose pictures are meant: fixes the source of random numbers, the schedule, how timesteps are rounded, the first noise's scale,
/// the noise of steps and how emphasis in prompts acts. Each can be chosen apart as well.
/// </summary>
public enum SamplingProfile
{
    /// <summary>Hugging Face diffusers: plain prompts cut at 77 tokens, torch's CPU generator, its schedulers' tables.</summary>
    Diffusers,

    /// <summary>AUTOMATIC1111's webui: its prompt grammar, k-diffusion's samplers, its NV generator (a GPU's numbers).</summary>
    A1111,

    /// <summary>ComfyUI: its emphasis, k-diffusion's samplers, first noise from the CPU.</summary>
    Comfy,
}
