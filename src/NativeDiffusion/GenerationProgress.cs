using NativeDiffusion.Imaging;
using NativeDiffusion.Tensors;

namespace NativeDiffusion;

/// <summary>The progress of a generation. Reported at the start of a stage and after each step.</summary>
public sealed record GenerationProgress
{
    /// <summary>The current stage.</summary>
    public required GenerationStage Stage { get; init; }

    /// <summary>Completed parts of the stage: steps, or decoded pictures.</summary>
    public int Done { get; init; }

    /// <summary>Number of parts of the stage.</summary>
    public int Count { get; init; }

    /// <summary>Time since the start of the generation (waiting not counted).</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>The noise level of the last evaluation, σ/α; 0 outside of denoising.</summary>
    public double Sigma { get; init; }

    /// <summary>The solver's state [N, C, H, W] after the step; only with <see cref="GenerationOptions.ReportLatents"/>.</summary>
    public Tensor? X { get; init; }

    /// <summary>The clean latent x0 of the last evaluation [N, C, H, W]; only with <see cref="GenerationOptions.ReportLatents"/>.</summary>
    public Tensor? X0 { get; init; }

    /// <summary>A preview of the clean latent of picture <paramref name="index"/>, one pixel per latent cell; null without <see cref="X0"/>.</summary>
    /// <param name="index">Index of the picture in the batch.</param>
    public RgbImage? Preview(int index = 0)
    {
        if (X0 is null) return null;
        TensorShape shape = X0.Shape;
        int size = shape[1] * shape[2] * shape[3];
        LatentToRgb colours = shape[1] == 4 ? LatentToRgb.StableDiffusion1 : LatentToRgb.Generic(shape[1]);
        return colours.Draw(X0.Data.AsSpan(index * size, size), shape[3], shape[2]);
    }
}
