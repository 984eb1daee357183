using System.CommandLine;
using NativeDiffusion.Cli.Models;
using NativeDiffusion.Cli.Output;

namespace NativeDiffusion.Cli.Sampling;

/// <summary>The options that select model and device; the same for every command that opens a model.</summary>
internal sealed class ModelOptions
{
    private readonly Option<string?> _model = new(
        "--model", "-m")
    { Description = $"Model: a name, a file or a diffusers folder (default {ModelLocator.DefaultModel})", HelpName = "model" };
    private readonly Option<string?> _vae = new("--vae") { Description = "VAE instead of the model's own: a file or folder", HelpName = "file" };
    private readonly Option<string[]> _embeddings = new("--embeddings") { Description = "Textual inversion files, or folders of them", HelpName = "path" };
    private readonly Option<string> _device = new("--device") { Description = "Device to run on", DefaultValueFactory = _ => "cpu" };
    private readonly Option<int> _threads = new("--threads") { Description = "Threads to use (default: all cores)", HelpName = "n" };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        _model.CompletionSources.Add(_ => ModelLocator.ForProcess().Models().Select(model => model.Name));
        foreach (Option option in (Option[])[_model, _vae, _embeddings, _device, _threads])
            command.Options.Add(option);
    }

    /// <summary>The model that was named, or null.</summary>
    public string? Model(ParseResult arguments) => arguments.GetValue(_model);

    /// <summary>The VAE that was named, or null.</summary>
    public string? Vae(ParseResult arguments) => arguments.GetValue(_vae);

    /// <summary>Opens a model.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="model">The model; null for the default one.</param>
    /// <param name="view">Receives the progress.</param>
    /// <param name="cancellation">Cancels the opening.</param>
    public Task<StableDiffusionPipeline> OpenAsync(ParseResult arguments, string? model, IProgressView view, CancellationToken cancellation)
    {
        int threads = arguments.GetValue(_threads);
        if (threads < 0)
            throw new CliException($"--threads is {threads}, but must be 1 or more, or 0 for all cores.", ExitCodes.Usage);
        ModelLocator locator = ModelLocator.ForProcess();
        string path = locator.Find(model);
        var options = new PipelineOptions
        {
            Device = arguments.GetRequiredValue(_device),
            Threads = threads,
            Vae = Vae(arguments) is { } vae ? locator.Find(vae) : null,
            Embeddings = arguments.GetValue(_embeddings) ?? [],
        };
        view.Stage($"opening {Path.GetFileName(path)}", 100, isShare: true);
        return StableDiffusionPipeline.OpenAsync(path, options, new Report<double>(share => view.Step((int)(share * 100))), cancellation);
    }
}
