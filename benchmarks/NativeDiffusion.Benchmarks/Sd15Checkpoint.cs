using NativeDiffusion.Checkpoints;
using NativeDiffusion.Models;
using NativeDiffusion.Tensors;
using NativeDiffusion.Verification;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Benchmarks;

/// <summary>
/// Writes Stable Diffusion 1.5 at full size with the goldens' recipe for weights: a diffusers folder in fp16 that loads, runs and
/// costs what the real model does, though its pictures show nothing.
/// </summary>
internal static class Sd15Checkpoint
{
    /// <summary>Writes the folder; about 2 GB.</summary>
    public static void Write(string folder)
    {
        var unet = new UNet2DConditionConfig { CrossAttentionDim = 768, SampleSize = 64 };
        Component(
            folder, "unet", "diffusion_pytorch_model.safetensors", "sd15.unet.", ExpectedWeights.Of(unet),
            """{"cross_attention_dim": 768, "sample_size": 64}""");
        Component(folder, "vae", "diffusion_pytorch_model.safetensors", "sd15.vae.", ExpectedWeights.Of(new AutoencoderKLConfig()), """{"block_out_channels": [128, 256, 512, 512], "down_block_types": ["DownEncoderBlock2D", "DownEncoderBlock2D", "DownEncoderBlock2D", "DownEncoderBlock2D"], "up_block_types": ["UpDecoderBlock2D", "UpDecoderBlock2D", "UpDecoderBlock2D", "UpDecoderBlock2D"], "layers_per_block": 2, "sample_size": 512}""");
        Component(folder, "text_encoder", "model.safetensors", "sd15.clip.", ExpectedWeights.Of(new ClipTextConfig()), """{"hidden_size": 768, "intermediate_size": 3072, "num_hidden_layers": 12, "num_attention_heads": 12, "vocab_size": 49408, "hidden_act": "quick_gelu"}""");
        Directory.CreateDirectory(Path.Combine(folder, "scheduler"));
        File.WriteAllText(Path.Combine(folder, "scheduler", "scheduler_config.json"), """{"_class_name": "DPMSolverMultistepScheduler", "beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear", "steps_offset": 1}""");
        File.WriteAllText(Path.Combine(folder, "model_index.json"), """{"_class_name": "StableDiffusionPipeline", "scheduler": ["diffusers", "DPMSolverMultistepScheduler"], "text_encoder": ["transformers", "CLIPTextModel"], "unet": ["diffusers", "UNet2DConditionModel"], "vae": ["diffusers", "AutoencoderKL"]}""");
    }

    private static void Component(string folder, string name, string file, string prefix, ExpectedWeights weights, string config)
    {
        string target = Path.Combine(folder, name);
        Directory.CreateDirectory(target);
        File.WriteAllText(Path.Combine(target, "config.json"), config);
        var writer = new SafetensorsWriter();
        foreach ((string tensor, TensorShape shape) in weights.Shapes)
            writer.Add(tensor, DType.Float16, shape, span => RecipeTensors.Weight(prefix + tensor, shape, span));
        writer.Save(Path.Combine(target, file));
    }
}
