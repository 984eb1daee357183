namespace NativeDiffusion.Checkpoints;

/// <summary>One module under its two names.</summary>
/// <param name="Ldm">In single files, without the network's prefix: <c>input_blocks.1.0</c>.</param>
/// <param name="Diffusers">In diffusers folders: <c>down_blocks.0.resnets.0</c>.</param>
/// <param name="Parts">The names inside it, if they differ.</param>
internal sealed record LdmModule(string Ldm, string Diffusers, LdmParts Parts);
