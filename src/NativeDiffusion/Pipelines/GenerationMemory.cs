using NativeDiffusion.Devices;
using NativeDiffusion.Plans;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Pipelines;

/// <summary>What a generation needs in memory.</summary>
internal static class GenerationMemory
{
    /// <summary>The larger of the denoiser's need and the autoencoder's.</summary>
    public static MemoryNeed Estimate(LoadedModel model, GenerationOptions options)
    {
        PictureSize size = PictureSize.Of(options, model.UNet.Config, model.Vae.Config);
        int rows = Math.Min(2 * options.Seeds.Count, Denoiser.RowsPerRun(size.LatentHeight, size.LatentWidth));
        int tokens = model.Clip.Config.MaxPositionEmbeddings;
        Plan unet = model.Denoiser.Describe(rows, size.LatentHeight, size.LatentWidth, tokens);
        int height = Math.Min(size.LatentHeight, options.VaeTiling?.Tile ?? int.MaxValue);
        int width = Math.Min(size.LatentWidth, options.VaeTiling?.Tile ?? int.MaxValue);
        Plan vae = model.Codec.Describe(new TensorShape(1, model.Vae.Config.LatentChannels, height, width), decode: true);
        MemoryNeed first = model.Device.Estimate(unet), second = model.Device.Estimate(vae);
        return new MemoryNeed(first.Weights + second.Weights, Math.Max(first.Arena, second.Arena));
    }

    /// <summary>The same with all weights, the text model's included, of a model of which nothing is laid out yet.</summary>
    public static MemoryNeed EstimateAll(LoadedModel model, GenerationOptions options)
    {
        MemoryNeed pictures = Estimate(model, options);
        MemoryNeed text = model.Device.Estimate(model.TextEncoder.Describe(1, model.Clip.Config.MaxPositionEmbeddings, 0, 0));
        return new MemoryNeed(pictures.Weights + text.Weights, Math.Max(pictures.Arena, text.Arena));
    }
}
