using System.Globalization;
using NativeDiffusion.Imaging;
using NativeDiffusion.Solvers;

namespace NativeDiffusion.Pipelines;

/// <summary>All settings of a picture as A1111 generation parameters: sufficient for `sample --from` to reproduce its bytes.</summary>
internal sealed class ParametersText(LoadedModel model, GenerationOptions options, PictureSize size, SolverTable table, IEnumerable<string> usedEmbeddings)
{
    /// <summary>The text of one picture.</summary>
    public GenerationParameters For(int index, string prompt, string negative)
    {
        List<KeyValuePair<string, string>> fields = [];
        void Add(string key, object? value)
        {
            if (value is not null) fields.Add(new(key, value is IFormattable number ? number.ToString(null, CultureInfo.InvariantCulture) : value.ToString()!));
        }

        Add("Steps", options.Steps);
        Add("Sampler", options.Sampler ?? table.Name);
        Add("Schedule type", options.Schedule);
        Add("CFG scale", options.GuidanceScale);
        Add("Seed", options.Seeds[index]);
        Add("Size", $"{size.Width}x{size.Height}");

        Add("Model hash", model.ModelHash);
        Add("Model", Path.GetFileNameWithoutExtension(model.Checkpoint.Path));
        Add("Clip skip", options.ClipSkip > 1 ? options.ClipSkip : null);
        Add("Denoising strength", options.InitImage is null ? null : options.Strength);
        Add("Guidance rescale", options.GuidanceRescale > 0 ? options.GuidanceRescale : null);
        Add("Eta", options.Eta);
        // ComfyUI's random numbers have no equivalent name in A1111.
        Add("RNG",
            (options.Noise?.Kind
            ?? options.Profile switch
            {
                SolverProfile.A1111 =>
            Randomness.NoiseKind.Nv,
                SolverProfile.Diffusers => Randomness.NoiseKind.TorchCpu,
                _ => null as Randomness.NoiseKind?
            }) switch
            {
                Randomness.NoiseKind.Nv => "NV",
                Randomness.NoiseKind.TorchCpu => "CPU",
                _ => null,
            });
        Add("Profile", options.Profile.ToString());
        Add("Emphasis", options.Emphasis?.ToString());
        Add("TI", string.Join(' ', usedEmbeddings) is { Length: > 0 } words ? words : null);
        Add("Version", $"NativeDiffusion {typeof(ParametersText).Assembly.GetName().Version?.ToString(3)}");
        return new GenerationParameters(prompt, negative, fields);
    }
}
