using NativeDiffusion.Imaging;
using NativeDiffusion.Tensors;

namespace NativeDiffusion;

/// <summary>Where a generation is. Reported when a stage begins and after each step.</summary>
public sealed record GenerationProgress
{
    /// <summary>The present stage.</summary>
    public required GenerationStage Stage { get; init; }

    /// <summary>How many parts of the stage are done: steps, or pictures decoded.</summary>
    public int Done { get; init; }

    /// <summary>How many parts the stage has.</summary>
    public int Count { get; init; }

    /// <summary>Time since the generation began (waiting not counted).</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>The noise level of the last evaluation, σ/α; 0 outside of denoising.</summary>
    public double Sigma { get; init; }

    /// <summary>The solver's state [N, C, H, W] after the step; only with <see cref="GenerationOptions.ReportLatents"/>.</summary>
    public Tensor? X { get; init; }

    /// <summary>The clean latent that the last evaluation saw [N, C, H, W]; only with <see cref="GenerationOptions.ReportLatents"/>.</summary>
    public Tensor? X0 { get; init; }

    /// <summary>A small picture of the clean latent of picture <paramref name="index"/>, one pixel a latent cell; null without <see cref="X0"/>.</summary>
    /// <param name="index">Which picture of the batch.</param>
    public RgbImage? Preview(int index = 0)
    {
        if (X0 is null) return null;
        TensorShape shape = X0.Shape;
        int size = shape[1] * shape[2] * shape[3];
        LatentToRgb colours = shape[1] == 4 ? LatentToRgb.StableDiffusion1 : LatentToRgb.Generic(shape[1]);
        return colours.Draw(X0.Data.AsSpan(index * size, size), shape[3], shape[2]);
    }
}
