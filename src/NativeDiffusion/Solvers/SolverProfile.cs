namespace NativeDiffusion.Solvers;

/// <summary>
/// The conventions of a sampler name: schedule, timestep rounding, initial scale, start of image to image, noises drawn.
/// </summary>
public enum SolverProfile
{
    /// <summary>
    /// diffusers 0.42. Verified against 169 traces of the library itself and more derived from its sources.
    /// </summary>
    Diffusers,

    /// <summary>
    /// AUTOMATIC1111's webui with k-diffusion. The samplers and the uniform, Karras, exponential and polyexponential schedules are verified
    /// against 172 traces of k-diffusion itself; default schedules, the discarded level and the image-to-image convention follow its
    /// sources, not verified against pictures.
    /// Its own DDIM, PLMS, UniPC, LCM and Restart, DPM fast and DPM adaptive (which has adaptive steps) are rejected by name.
    /// </summary>
    A1111,

    /// <summary>
    /// ComfyUI's KSampler. Uses the same samplers; its schedules, rounded timesteps, initial scale and denoise convention follow its
    /// sources and are not verified against it. Samplers that it has changed since k-diffusion (SDE forms for flow models) have their original form.
    /// </summary>
    Comfy,
}
