using NativeDiffusion.Cli.Output;

namespace NativeDiffusion.Cli.Sampling;

/// <summary>Shows the progress of a generation as stages and steps.</summary>
internal sealed class StageView(IProgressView view, string prefix, GenerationOptions options)
{
    private GenerationStage? _stage;
    private int? _steps;

    /// <summary>Handles one report.</summary>
    public void Show(GenerationProgress progress)
    {
        if (progress.Stage == GenerationStage.Queued)
            return;
        bool samples = progress.Stage == GenerationStage.Denoise;
        // The number of steps comes with the first report; without a start picture it is the requested one.
        int? steps = !samples ? null : progress.Count > 0 ? progress.Count : options.InitImage is null ? options.Steps : null;
        if (progress.Stage != _stage || (samples && steps != _steps))
            view.Stage(prefix + Name(progress.Stage), steps);
        (_stage, _steps) = (progress.Stage, steps);
        if (samples && progress.Done > 0)
            view.Step(progress.Done);
    }

    private static string Name(GenerationStage stage) => stage switch
    {
        GenerationStage.Text => "encoding the prompt",
        GenerationStage.Encode => "encoding the start picture",
        GenerationStage.Denoise => "sampling",
        _ => "decoding",
    };
}
