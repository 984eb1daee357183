using System.Globalization;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Pipelines;

/// <summary>Checks a generation's options against themselves and the model, before any work.</summary>
internal static class OptionChecks
{
    /// <summary>Checks everything that the solver and the prompt do not check themselves.</summary>
    /// <exception cref="ArgumentException">Names the property, what was expected and what was found.</exception>
    public static void Validate(GenerationOptions options, LoadedModel model, PictureSize size)
    {
        int count = options.Seeds.Count;
        Require(count > 0, nameof(options.Seeds), "must have at least one seed");
        RequireList(options.Prompts?.Count, nameof(options.Prompts), count);
        RequireList(options.NegativePrompts?.Count, nameof(options.NegativePrompts), count);
        Require(options.Steps is >= 1 and <= 10000, nameof(options.Steps), $"must be from 1 to 10000, not {options.Steps}");
        RequireNumber(options.GuidanceScale, nameof(options.GuidanceScale), double.MinValue, double.MaxValue);
        RequireNumber(options.GuidanceRescale, nameof(options.GuidanceRescale), 0, 1);
        RequireNumber(options.SNoise ?? 1, nameof(options.SNoise), 0, double.MaxValue);
        RequireNumber(options.SChurn ?? 0, nameof(options.SChurn), 0, double.MaxValue);
        RequireNumber(options.Strength, nameof(options.Strength), double.Epsilon, 1);
        int layers = model.Clip.Config.NumHiddenLayers;
        Require(
            options.ClipSkip >= 1
            && options.ClipSkip <= layers, nameof(options.ClipSkip), $"must be from 1 to {layers} for this text encoder, not {options.ClipSkip}");
        Require(options.Mask is null || options.InitImage is not null, nameof(options.Mask), "requires InitImage: a mask selects the part of it to repaint");
        options.VaeTiling?.Validate();
        int channels = model.Vae.Config.LatentChannels, inputs = model.UNet.Config.InChannels;
        Require(
            inputs == channels || inputs == 2 * channels + 1, "Model",
            $"has a denoiser of {inputs} input channels; {channels} (text to image) and {2 * channels + 1} (inpainting) are supported");
        Require(inputs == channels || options.Mask is not null, nameof(options.Mask), "and InitImage are needed: the model is an inpainting model");
        if (options.Latents is { } latents)
        {
            var expected = new TensorShape(count, channels, size.LatentHeight, size.LatentWidth);
            Require(latents.Shape == expected, nameof(options.Latents), $"must have shape {expected}, not {latents.Shape}");
        }
    }

    private static void RequireList(int? found, string name, int expected) =>
        Require(found is null || found == expected, name, $"must have one entry per seed ({expected}), not {found}");

    private static void RequireNumber(double value, string name, double least, double most)
    {
        string range = least == double.MinValue ? "a finite number"
            : most == double.MaxValue ? "0 or more"
            : least == 0 ? "from 0 to 1" : "above 0 and at most 1";
        bool isInside = double.IsFinite(value) && value >= least && value <= most;
        Require(isInside, name, string.Create(CultureInfo.InvariantCulture, $"must be {range}, not {value}"));
    }

    private static void Require(bool condition, string name, string problem)
    {
        if (!condition) throw new ArgumentException($"{name} {problem}.", name);
    }
}
