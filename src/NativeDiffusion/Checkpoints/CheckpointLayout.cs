namespace NativeDiffusion.Checkpoints;

/// <summary>The layout of a checkpoint.</summary>
public enum CheckpointLayout
{
    /// <summary>A folder with model_index.json and one folder per component.</summary>
    DiffusersFolder,

    /// <summary>One file with the names of the latent diffusion repository.</summary>
    SingleFile,
}
