using NativeDiffusion.Checkpoints;
using NativeDiffusion.Devices;
using NativeDiffusion.Models;
using NativeDiffusion.Plans;
using NativeDiffusion.Solvers;
using NativeDiffusion.Tensors;
using NativeDiffusion.Text;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Pipelines;

/// <summary>Opens a checkpoint, builds its networks and packs their weights on the device.</summary>
internal static class ModelLoader
{
    /// <summary>Loads.</summary>
    public static LoadedModel Load(string path, PipelineOptions options, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        LoadedModel model = Build(path, options);
        try
        {
            LayOut(model, progress, cancellationToken);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Finds all weights without reading them.</summary>
    public static LoadedModel Build(string path, PipelineOptions options)
    {
        Checkpoint checkpoint = Checkpoint.Open(path, options.Vae);
        IComputeDevice? device = null;
        try
        {
            device = ComputeDevices.Open(options.Device, options.Backends, options.Threads);
            return new LoadedModel
            {
                Checkpoint = checkpoint,
                Device = device,
                UNet = new UNet2DConditionModel(checkpoint.UNetConfig, new WeightScope(checkpoint.UNet.Weights)),
                Vae = new AutoencoderKL(checkpoint.VaeConfig, new WeightScope(checkpoint.Vae.Weights)),
                Clip = new ClipTextModel(checkpoint.TextEncoderConfig, new WeightScope(checkpoint.TextEncoder.Weights, "text_model")),
                Tokenizer = checkpoint.OpenTokenizer(),
                Scheduler = SchedulerOf(checkpoint),
                Embeddings = EmbeddingFiles.Open(options.Embeddings, checkpoint.TextEncoderConfig.HiddenSize),
            };
        }
        catch
        {
            device?.Dispose();
            checkpoint.Dispose();
            throw;
        }
    }

    // A checkpoint without a scheduler, or with an unsupported one, gets SD1.5's betas and the default solver.
    private static SchedulerConfig SchedulerOf(Checkpoint checkpoint)
    {
        CheckpointScheduler said = checkpoint.Scheduler;
        bool isKnown = said.ClassName is not null && SchedulerConfig.ClassNames.Contains(said.ClassName);
        return SchedulerConfigReader.Read(said.Json, isKnown ? said.ClassName : "DPMSolverMultistepScheduler");
    }

    // The networks at the model's own size: the packed weights are shared by all other sizes.
    private static void LayOut(LoadedModel model, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        int side = model.UNet.Config.SampleSize ?? 64, channels = model.Vae.Config.LatentChannels, tokens = model.Clip.Config.MaxPositionEmbeddings;
        (object Owner, Graph Graph)[] graphs =
        [
            (model.Clip, ClipTextEncoder.Graph(model.Clip, 1, tokens, 0, 0).Graph),
            (model.Vae, LatentCodec.Graph(model.Vae, new TensorShape(1, channels, side, side), decode: true).Graph),
            (model.UNet, Denoiser.Graph(model.UNet, 2, side, side, tokens).Graph),
        ];
        long[] weights = [.. graphs.Select(network => model.Device.Estimate(network.Graph).Weights)];
        double total = Math.Max(1, weights.Sum()), before = 0;
        for (int i = 0; i < graphs.Length; i++)
        {
            double from = before / total, share = weights[i] / total;
            model.Device.Compile(graphs[i].Graph, graphs[i].Owner, progress is null ? null : new Share(progress, from, share), cancellationToken).Dispose();
            before += weights[i];
        }

        progress?.Report(1);
    }

    private sealed class Share(IProgress<double> whole, double from, double share) : IProgress<double>
    {
        public void Report(double value) => whole.Report(from + share * value);
    }
}
