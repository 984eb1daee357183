using NativeDiffusion.Models;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Checkpoints;

/// <summary>A stand-alone VAE: a file with LDM's or diffusers' names, a component folder, or the VAE of another checkpoint.</summary>
internal static class StandAloneVae
{
    /// <summary>Opens one.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="like">The configuration whose groups and scale apply if the VAE does not state them.</param>
    /// <param name="files">Owns the opened files.</param>
    /// <exception cref="CheckpointException">There is no VAE.</exception>
    public static (IWeightSource Weights, AutoencoderKLConfig Config) Open(string path, AutoencoderKLConfig like, OpenFiles files)
    {
        if (Directory.Exists(path))
        {
            string inner = Path.Combine(path, "vae");
            return FromFolder(Directory.Exists(inner) ? inner : path, null, files);
        }

        // The weight file of a diffusers component folder, passed directly.
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (ComponentFolder.Candidates.Contains(Path.GetFileName(path)) && File.Exists(Path.Combine(folder, "config.json"))) return FromFolder(
            folder, path, files);
        IWeightFile file = files.Open(path);
        bool whole = file.Names.Any(name => name.StartsWith(ComponentNames.VaePrefix, StringComparison.Ordinal));
        IWeightSource weights = ComponentNames.Vae(file, whole ? ComponentNames.VaePrefix : "");
        if (!weights.TryGet("decoder.conv_in.weight", out _, out _))
            throw new CheckpointException(
                $"{path}: must be a VAE (decoder.conv_in.weight, with or without {ComponentNames.VaePrefix}), but is "
                    + $"{ModelFiles.Describe(ModelFiles.Recognise(file))}.", path, "decoder.conv_in.weight");
        return (weights, SingleFileConfigs.Vae(weights, LdmYaml.Beside(path), like));
    }

    private static (IWeightSource Weights, AutoencoderKLConfig Config) FromFolder(string folder, string? weights, OpenFiles files)
    {
        AutoencoderKLConfig config = AutoencoderKLConfig.Parse(ComponentFolder.ReadConfig(folder, out string file), file);
        return (ComponentNames.Vae(files.Open(weights ?? ComponentFolder.FindWeights(folder))), config);
    }
}
