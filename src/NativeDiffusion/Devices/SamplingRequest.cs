using System.Collections.Immutable;
using NativeDiffusion.Plans;
using NativeDiffusion.Randomness;
using NativeDiffusion.Solvers;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Devices;

/// <summary>The parameters for sampling a batch of pictures on a device, from the first state to the last x0.</summary>
internal sealed record SamplingRequest
{
    /// <summary>The owner of the network's plans and weights.</summary>
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

    /// <summary>The conditions, by ranges of the table's rows, in order and without gaps.</summary>
    public required ImmutableArray<ConditionRange> Conditions { get; init; }

    /// <summary>The noise of its rows.</summary>
    public required IStepNoise Noise { get; init; }

    /// <summary>The inpainting mask and known latents; or null.</summary>
    public Inpainting? Inpainting { get; init; }

    /// <summary>The condition of a row.</summary>
    public ConditionRange ConditionAt(int row)
    {
        foreach (ConditionRange range in Conditions)
            if (row < range.EndRow) return range;
        throw new ArgumentOutOfRangeException(nameof(row), row, $"The picture's conditions end at row {Conditions[^1].EndRow}.");
    }
}

/// <summary>The conditions of a picture up to a row: with guidance the negative states first, then the positive ones.</summary>
/// <param name="EndRow">The end of the range of rows, exclusive; it starts at the end of the previous range.</param>
/// <param name="States">Each [1, T, D]; the same object implies the same values.</param>
/// <param name="Guidance">How their predictions are combined.</param>
internal sealed record ConditionRange(int EndRow, ImmutableArray<Tensor> States, Guidance Guidance);

/// <summary>
/// The noises of one picture, in the order in which its rows draw them. Supplied by the host (torch's CPU generator, a Brownian path); a device
/// may generate the numbers itself if <see cref="Philox"/> says how.
/// </summary>
internal interface IStepNoise
{
    /// <summary>For A1111's NV generator the parameters that reproduce its numbers on any device; else null.</summary>
    PhiloxKey? Philox { get; }

    /// <summary>Draws one noise.</summary>
    /// <param name="from">Start of its interval, as a sigma; used by a Brownian path.</param>
    /// <param name="to">End of the interval.</param>
    /// <param name="isUsed">False if its coefficient is zero: the generator advances as the reference's does, the numbers are not used.</param>
    /// <param name="noise">Receives standard normal numbers, as many as the state has elements.</param>
    void Draw(double from, double to, bool isUsed, Span<float> noise);
}

/// <summary>The inpainting parameters of a picture.</summary>
/// <param name="Known">Mask (1 = repainted) and known latents, each [1, C, H, W].</param>
/// <param name="Noise">The initial noise of the run, [1, C, H, W].</param>
/// <param name="BlendsX0">Whether the known latents replace x0 before a step (A1111), or x after it (diffusers).</param>
/// <param name="ExtraChannels">Mask and masked picture for an inpainting network, [5, H, W]; or null: then known latents are blended in.</param>
internal sealed record Inpainting(KnownRegion Known, Tensor Noise, bool BlendsX0, float[]? ExtraChannels);
