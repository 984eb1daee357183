namespace NativeDiffusion.Checkpoints;

/// <summary>How a checkpoint is laid out.</summary>
public enum CheckpointLayout
{
    /// <summary>A folder with model_index.json and one folder a component.</summary>
    DiffusersFolder,

    /// <summary>One file with the names of the latent diffusion repository.</summary>
    SingleFile,
}
