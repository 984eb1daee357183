using System.Collections.Immutable;
using NativeDiffusion.Plans;
using NativeDiffusion.Randomness;
using NativeDiffusion.Solvers;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Devices;

/// <summary>All that a device needs to sample a batch of pictures, from the first state to the last x0.</summary>
internal sealed record SamplingRequest
{
    /// <summary>To whom the network's plans and weights belong.</summary>
    public required object Owner { get; init; }

    /// <summary>The network for a batch and a number of text tokens.</summary>
    public required Func<int, int, NetworkGraph> Network { get; init; }

    /// <summary>The solver.</summary>
    public required SolverTable Table { get; init; }

    /// <summary>The pictures; all of one size.</summary>
    public required ImmutableArray<SampledPicture> Pictures { get; init; }
}

/// <summary>The denoiser's graph for one batch, with its handles.</summary>
/// <param name="Graph">The graph.</param>
/// <param name="Sample">[N, C, H, W].</param>
/// <param name="Timestep">[N, 1].</param>
/// <param name="Context">[N, T, D], stable.</param>
/// <param name="Prediction">[N, C', H, W].</param>
internal sealed record NetworkGraph(Graph Graph, PlanInput<float> Sample, PlanInput<float> Timestep, PlanInput<float> Context, PlanOutput Prediction);

/// <summary>One picture of a sampling run.</summary>
internal sealed record SampledPicture
{
    /// <summary>The state before the first row, [1, C, H, W].</summary>
    public required Tensor Start { get; init; }

    /// <summary>What it attends to, by ranges of the table's rows, in their order and without gaps.</summary>
    public required ImmutableArray<ConditionRange> Conditions { get; init; }

    /// <summary>The noises that its rows draw.</summary>
    public required IStepNoise Noise { get; init; }

    /// <summary>What must be kept of a known picture; or null.</summary>
    public Inpainting? Inpainting { get; init; }

    /// <summary>The condition of a row.</summary>
    public ConditionRange ConditionAt(int row)
    {
        foreach (ConditionRange range in Conditions)
            if (row < range.EndRow) return range;
        throw new ArgumentOutOfRangeException(nameof(row), row, $"The picture's conditions end at row {Conditions[^1].EndRow}.");
    }
}

/// <summary>What a picture attends to up to a row: the negative states first where guidance runs, then the positive ones.</summary>
/// <param name="EndRow">The row of the table at which the range ends; it begins where the range before it ends.</param>
/// <param name="States">Each [1, T, D]; the same object means the same numbers.</param>
/// <param name="Guidance">How their predictions become one.</param>
internal sealed record ConditionRange(int EndRow, ImmutableArray<Tensor> States, Guidance Guidance);

/// <summary>
/// The noises of one picture, in the order in which its rows draw them. Supplied by the host (torch's CPU generator, a Brownian path); a device
/// may make the numbers itself where <see cref="Philox"/> says how.
/// </summary>
internal interface IStepNoise
{
    /// <summary>Where the stream is A1111's NV generator: what gives the same numbers on any device; else null.</summary>
    PhiloxKey? Philox { get; }

    /// <summary>Draws one noise.</summary>
    /// <param name="from">Where the interval begins that it belongs to, as a sigma; a Brownian path needs it.</param>
    /// <param name="to">Where the interval ends.</param>
    /// <param name="isUsed">False where its coefficient is zero: the stream moves on as the reference's does, the numbers are not needed.</param>
    /// <param name="noise">Takes standard normal numbers, as many as the state has.</param>
    void Draw(double from, double to, bool isUsed, Span<float> noise);
}

/// <summary>How a picture is repainted.</summary>
/// <param name="Known">Mask (1 = drawn anew) and known latents, each [1, C, H, W].</param>
/// <param name="Noise">The noise that the run began with, [1, C, H, W].</param>
/// <param name="BlendsX0">Whether the known latents replace x0 before a step (A1111), or x after it (diffusers).</param>
/// <param name="ExtraChannels">Mask and masked picture for a network that takes them, [5, H, W]; or null: then known parts are put back.</param>
internal sealed record Inpainting(KnownRegion Known, Tensor Noise, bool BlendsX0, float[]? ExtraChannels);
