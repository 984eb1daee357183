namespace NativeDiffusion.Solvers;

/// <summary>
/// Whose conventions a sampler's name is read by: schedule, timestep rounding, initial scale, where image-to-image begins, which noises are drawn.
/// </summary>
public enum SolverProfile
{
    /// <summary>
    /// diffusers 0.42. Held to 169 traces of the library itself and more made from its sources.
    /// </summary>
    Diffusers,

    /// <summary>
    /// AUTOMATIC1111's webui with k-diffusion. The samplers and the uniform, Karras, exponential and polyexponential schedules are held to 172 traces of
    /// k-diffusion
    /// itself; which schedule a sampler takes by itself, the discarded level and the image-to-image convention are read from its sources, not verified against
    /// pictures.
    /// Its own DDIM, PLMS, UniPC, LCM and Restart, DPM fast and DPM adaptive (which chooses its steps while it runs) are refused by name.
    /// </summary>
    A1111,

    /// <summary>
    /// ComfyUI's KSampler. Built on the same samplers; its schedules, rounded timesteps, initial scale and denoise convention are read from its
    /// sources and not verified against it. Samplers that it has changed since k-diffusion (SDE forms for flow models) are taken in their original form.
    /// </summary>
    Comfy,
}
