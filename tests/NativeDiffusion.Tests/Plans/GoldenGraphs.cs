using System.Text.Json;
using NativeDiffusion.Models;
using NativeDiffusion.Pipelines;
using NativeDiffusion.Plans;
using NativeDiffusion.Tensors;
using NativeDiffusion.Testing;
using NativeDiffusion.Verification;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Tests.Plans;

/// <summary>The recorded graphs of every model of the goldens, Stable Diffusion 1.5 at its full size among them; weights are names only.</summary>
internal static class GoldenGraphs
{
    private static readonly string[] s_unets = ["unet-small", "unet-linear", "unet-odd", "unet-inpaint"];
    private static readonly string[] s_vaes = ["vae-small", "vae-deep"];
    private static readonly string[] s_clips = ["clip-quick", "clip-gelu"];

    public static IEnumerable<string> Names => [.. s_unets, .. s_vaes.SelectMany(name => (string[])[$"{name} decoder", $"{name} encoder"]), .. s_clips,
        "sd15 unet", "sd15 vae decoder", "sd15 clip"];

    public static Graph Of(string name)
    {
        string[] words = name.Split(' ');
        if (words[0] == "sd15") return Sd15(words[1]);
        var weights = new WeightScope(new RecipeWeights("graph."));
        JsonElement config = Config(words[0]);
        if (s_unets.Contains(words[0]))
            return Denoiser.Graph(new UNet2DConditionModel(UNet2DConditionConfig.Parse(config, name), weights), 2, 16, 24, 7).Graph;
        if (s_clips.Contains(words[0]))
        {
            ClipTextConfig sizes = ClipTextConfig.Parse(config, name);
            return ClipTextEncoder.Graph(new ClipTextModel(sizes, weights), 2, Math.Min(11, sizes.MaxPositionEmbeddings), 0, 3).Graph;
        }

        AutoencoderKLConfig vae = AutoencoderKLConfig.Parse(config, name);
        bool decode = words[1] == "decoder";
        var shape = new TensorShape(1, decode ? vae.LatentChannels : 3, 16, 24);
        return LatentCodec.Graph(new AutoencoderKL(vae, weights), shape, decode).Graph;
    }

    private static Graph Sd15(string network)
    {
        var weights = new WeightScope(new RecipeWeights("graph."));
        return network switch
        {
            "unet" => Denoiser.Graph(new UNet2DConditionModel(new UNet2DConditionConfig(), weights), 2, 64, 64, 77).Graph,
            "vae" => LatentCodec.Graph(new AutoencoderKL(new AutoencoderKLConfig(), weights), new TensorShape(1, 4, 64, 64), decode: true).Graph,
            _ => ClipTextEncoder.Graph(new ClipTextModel(new ClipTextConfig(), weights), 2, 77, 0, 0).Graph,
        };
    }

    private static JsonElement Config(string name)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Goldens, $"{name}.json")));
        return document.RootElement.GetProperty("config").Clone();
    }
}
