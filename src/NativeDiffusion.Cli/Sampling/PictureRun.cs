using System.Globalization;
using NativeDiffusion.Cli.Output;
using NativeDiffusion.Cli.Pictures;
using NativeDiffusion.Imaging;

namespace NativeDiffusion.Cli.Sampling;

/// <summary>Generates the pictures of some jobs one after the other and writes each as soon as it is finished, so that Ctrl-C loses none.</summary>
internal sealed class PictureRun(StableDiffusionPipeline pipeline, OutputPlace place, Terminal terminal, IProgressView view)
{
    private readonly List<DrawnPicture> _drawn = [];

    /// <summary>The written pictures, also after a cancellation.</summary>
    public IReadOnlyList<DrawnPicture> Drawn => _drawn;

    /// <summary>Generates all pictures.</summary>
    public async Task DrawAsync(IReadOnlyList<SampleJob> jobs, CancellationToken cancellation)
    {
        int count = jobs.Sum(job => job.Batch);
        foreach (SampleJob job in jobs)
        {
            foreach (GenerationOptions options in job.Pictures())
                await DrawAsync(job, options, count, cancellation);
        }
    }

    /// <summary>Writes a contact sheet of all generated pictures.</summary>
    /// <returns>Its path.</returns>
    public string WriteGrid()
    {
        string path = place.Next("grid");
        PictureFile.Write(path, ContactSheet.Build([.. _drawn.Select(drawn => drawn.Picture.Image)]), null, place.Format);
        return path;
    }

    private async Task DrawAsync(SampleJob job, GenerationOptions options, int count, CancellationToken cancellation)
    {
        string prefix = count == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"picture {_drawn.Count + 1} of {count}: ");
        var stages = new StageView(view, prefix, options);
        GenerationResult result = await pipeline.GenerateAsync(options, new Report<GenerationProgress>(stages.Show), cancellation);
        foreach (GeneratedPicture picture in result.Pictures)
            Write(job, picture, result);
    }

    private void Write(SampleJob job, GeneratedPicture picture, GenerationResult result)
    {
        GenerationParameters text = picture.Parameters;
        foreach ((string field, string value) in job.Fields)
        {
            if (text[field] is null)
                text = text.With(field, value);
        }

        string path = job.Output is { } name ? place.Named(name) : place.Next(picture.Seed.ToString(CultureInfo.InvariantCulture));
        PictureFile.Write(path, picture.Image, text.ToString(), PictureFile.FormatOf(path) ?? place.Format);
        _drawn.Add(new DrawnPicture(path, picture with { Parameters = text }, result.Timings, result.Evaluations));
        string rate = result.Timings.Denoise > TimeSpan.Zero ? $", {StepRate.Rate(result.Evaluations / result.Timings.Denoise.TotalSeconds)}" : "";
        terminal.Line(
            (path, "bold"),
            (string.Create(
                CultureInfo.InvariantCulture,
                $"  {picture.Image.Width}x{picture.Image.Height}, seed {picture.Seed}, {StepRate.Seconds(result.Timings.Total.TotalSeconds)}{rate}"), null));
    }
}
