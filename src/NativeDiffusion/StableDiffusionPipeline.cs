using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using NativeDiffusion.Checkpoints;
using NativeDiffusion.Devices;
using NativeDiffusion.Models;
using NativeDiffusion.Pipelines;
using NativeDiffusion.Text;

namespace NativeDiffusion;

/// <summary>
/// A loaded Stable Diffusion model. One generation runs at a time; concurrent callers wait. Pipelines are
/// independent of each other. Dispose releases all memory.
/// </summary>
public sealed class StableDiffusionPipeline : IDisposable
{
    private readonly LoadedModel _model;

    [SuppressMessage("Usage", "CA2213:Disposable fields should be disposed", Justification = "Callers may wait for it; it holds no handle.")]
    private readonly SemaphoreSlim _turn = new(1, 1);

    // Set at once, so that queued callers are refused whoever gets the turn first; the memory is released under the turn.
    private volatile bool _isDisposed;
    private bool _isReleased;

    // The thread of the current generation, on which progress is reported; 0 when there is none.
    private int _generating;

    private StableDiffusionPipeline(LoadedModel model) => _model = model;

    /// <summary>The checkpoint: its format, hashes and keys.</summary>
    public Checkpoint Checkpoint => _model.Checkpoint;

    /// <summary>The denoiser.</summary>
    public UNet2DConditionModel UNet => _model.UNet;

    /// <summary>The autoencoder.</summary>
    public AutoencoderKL Vae => _model.Vae;

    /// <summary>The text model.</summary>
    public ClipTextModel TextModel => _model.Clip;

    /// <summary>The tokenizer.</summary>
    public ClipTokenizer Tokenizer => _model.Tokenizer;

    /// <summary>The device of the model.</summary>
    public IComputeDevice Device => _model.Device;

    /// <summary>Opens a model and packs its weights.</summary>
    /// <param name="path">A diffusers folder, or a single-file checkpoint.</param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <param name="progress">Receives the completed share, 0 to 1; or null.</param>
    /// <param name="cancellationToken">Cancels the operation; all resources are released.</param>
    /// <exception cref="CheckpointException">A file is missing or invalid.</exception>
    /// <exception cref="ArgumentException">An option is invalid.</exception>
    /// <exception cref="InsufficientMemoryException">The model does not fit into memory.</exception>
    public static StableDiffusionPipeline Open(
        string path, PipelineOptions? options = null, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using Activity? activity = Telemetry.Source.StartActivity("Open");
        return new StableDiffusionPipeline(ModelLoader.Load(path, options ?? new PipelineOptions(), progress, cancellationToken));
    }

    /// <summary>Opens a model on another thread.</summary>
    /// <inheritdoc cref="Open"/>
    public static Task<StableDiffusionPipeline> OpenAsync(
        string path, PipelineOptions? options = null, IProgress<double>? progress = null, CancellationToken cancellationToken = default) =>
        Task.Run(() => Open(path, options, progress, cancellationToken), cancellationToken);

    /// <summary>Generates pictures on the calling thread.</summary>
    /// <param name="options">The settings of the generation.</param>
    /// <param name="progress">Receives the progress; invoked on the calling thread.</param>
    /// <param name="cancellationToken">Checked between operations; the pipeline remains usable.</param>
    /// <exception cref="ArgumentException">An option is invalid for this model; the message names it.</exception>
    /// <exception cref="InsufficientMemoryException">The pictures do not fit into memory.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public GenerationResult Generate(GenerationOptions options, IProgress<GenerationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        progress?.Report(new GenerationProgress { Stage = GenerationStage.Queued });
        RefuseWithinGeneration();
        _turn.Wait(cancellationToken);
        try
        {
            return Run(options, progress, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Generates pictures on another thread; waiting for another generation blocks no thread.</summary>
    /// <inheritdoc cref="Generate"/>
    public async Task<GenerationResult> GenerateAsync(
        GenerationOptions options, IProgress<GenerationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        progress?.Report(new GenerationProgress { Stage = GenerationStage.Queued });
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => Run(options, progress, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>
    /// The text states of a generation's first picture: for inspection, for storage, or for
    /// <see cref="GenerationOptions.PromptEmbeddings"/>.
    /// </summary>
    /// <param name="options">The prompts and their rules.</param>
    /// <param name="cancellationToken">Checked between operations.</param>
    /// <returns>The states of the prompt, and of the negative prompt with guidance.</returns>
    /// <exception cref="ArgumentException">An option is invalid for this model; the message names it.</exception>
    public (PromptConditioning Prompt, PromptConditioning? Negative) EncodePrompts(GenerationOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        RefuseWithinGeneration();
        _turn.Wait(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            OptionChecks.Validate(options, _model, PictureSize.Of(options, _model.UNet.Config, _model.Vae.Config));
            var states = new PromptStates(_model, options, SamplerChoice.Table(options, _model), cancellationToken);
            return states.Of(options.Prompts?[0] ?? options.Prompt, options.NegativePrompts?[0] ?? options.NegativePrompt);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The memory that a generation needs in addition to what the pipeline already holds.</summary>
    /// <param name="options">The generation.</param>
    /// <returns>The larger of the denoiser's and the autoencoder's memory; they do not run together.</returns>
    /// <exception cref="ArgumentException">The size is invalid for this model.</exception>
    public MemoryNeed Estimate(GenerationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return GenerationMemory.Estimate(_model, options);
    }

    /// <summary>The total memory of a generation with a model, without reading its weights.</summary>
    /// <param name="path">A diffusers folder, or a single-file checkpoint.</param>
    /// <param name="options">The generation.</param>
    /// <param name="pipeline">Options for opening the model; null for the defaults.</param>
    /// <exception cref="CheckpointException">A file is missing or invalid.</exception>
    /// <exception cref="ArgumentException">The size is invalid for this model.</exception>
    public static MemoryNeed EstimateMemory(string path, GenerationOptions options, PipelineOptions? pipeline = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(options);
        using LoadedModel model = ModelLoader.Build(path, (pipeline ?? new PipelineOptions()) with { Threads = 1 });
        return GenerationMemory.EstimateAll(model, options);
    }

    /// <summary>Waits for the current generation and releases all memory.</summary>
    public void Dispose()
    {
        RefuseWithinGeneration();
        _isDisposed = true;
        _turn.Wait();
        try
        {
            if (_isReleased) return;
            _isReleased = true;
            _model.Dispose();
        }
        finally
        {
            // Callers that wait must still get their turn, to be refused.
            _turn.Release();
        }
    }

    private GenerationResult Run(GenerationOptions options, IProgress<GenerationProgress>? progress, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        using Activity? activity = Telemetry.Source.StartActivity("Generate");
        _generating = Environment.CurrentManagedThreadId;
        try
        {
            return new GenerationJob(_model, options, progress, cancellationToken).Run();
        }
        finally
        {
            _generating = 0;
        }
    }

    // A progress callback that waited for its own generation would wait for ever.
    private void RefuseWithinGeneration()
    {
        if (_generating == Environment.CurrentManagedThreadId)
            throw new InvalidOperationException("A generation's progress callback cannot use or dispose its own pipeline; do so after the generation.");
    }
}
