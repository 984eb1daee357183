using NativeDiffusion.Randomness;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Pipelines;

/// <summary>One picture on its way through the solver.</summary>
internal sealed class PictureRun
{
    /// <summary>The solver's state, [1, C, H, W].</summary>
    public required SolverRun Solver { get; init; }

    /// <summary>The picture's own random numbers.</summary>
    public required INoiseSource Noise { get; init; }

    /// <summary>Noise of a Brownian path for SDE samplers, in place of <see cref="Noise"/>; or null.</summary>
    public BrownianNoise? Brownian { get; init; }

    /// <summary>What the picture attends to at an evaluation, counted from 0.</summary>
    public required Func<int, Condition> ConditionAt { get; init; }

    /// <summary>What must be kept of a known picture; or null.</summary>
    public Inpainting? Inpainting { get; init; }
}
