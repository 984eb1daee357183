using NativeDiffusion.Devices;
using NativeDiffusion.Plans;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Pipelines;

/// <summary>The memory of a generation.</summary>
internal static class GenerationMemory
{
    /// <summary>The memory of the denoiser and of the autoencoder.</summary>
    public static MemoryNeed Estimate(LoadedModel model, GenerationOptions options)
    {
        PictureSize size = PictureSize.Of(options, model.UNet.Config, model.Vae.Config);
        int rows = Math.Min(2 * options.Seeds.Count, model.Device.RowsPerBatch(size.LatentHeight, size.LatentWidth));
        int tokens = model.Clip.Config.MaxPositionEmbeddings;
        Graph unet = Denoiser.Graph(model.UNet, rows, size.LatentHeight, size.LatentWidth, tokens).Graph;
        int height = Math.Min(size.LatentHeight, options.VaeTiling?.Tile ?? int.MaxValue);
        int width = Math.Min(size.LatentWidth, options.VaeTiling?.Tile ?? int.MaxValue);
        Graph vae = LatentCodec.Graph(model.Vae, new TensorShape(1, model.Vae.Config.LatentChannels, height, width), decode: true).Graph;
        return model.Device.Estimate(unet).With(model.Device.Estimate(vae));
    }

    /// <summary>The same with all weights, the text model's included, for a model that is not loaded yet.</summary>
    public static MemoryNeed EstimateAll(LoadedModel model, GenerationOptions options)
    {
        Graph text = ClipTextEncoder.Graph(model.Clip, 1, model.Clip.Config.MaxPositionEmbeddings, 0, 0).Graph;
        return Estimate(model, options).With(model.Device.Estimate(text));
    }
}
