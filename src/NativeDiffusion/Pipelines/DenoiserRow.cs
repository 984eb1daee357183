using NativeDiffusion.Tensors;

namespace NativeDiffusion.Pipelines;

/// <summary>One row of the denoiser's batch: a noisy latent under one condition.</summary>
/// <param name="Sample">[C, H, W], the network's whole input, scaled; C counts mask and masked picture where the model takes them.</param>
/// <param name="Timestep">For the network.</param>
/// <param name="States">[1, T, D], the condition's text states. The same object means the same numbers.</param>
internal readonly record struct DenoiserRow(ReadOnlyMemory<float> Sample, float Timestep, Tensor States);
