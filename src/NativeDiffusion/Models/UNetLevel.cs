namespace NativeDiffusion.Models;

/// <summary>The parameters shared by the parts of one resolution level.</summary>
/// <param name="Layers">How many resnets.</param>
/// <param name="TransformerLayers">Blocks in each transformer; 0 where the level has no attention.</param>
/// <param name="Heads">Attention heads.</param>
/// <param name="ContextChannels">Width of the prompt's states.</param>
/// <param name="TimeChannels">Width of the time embedding.</param>
/// <param name="Groups">Of every group norm.</param>
/// <param name="Epsilon">Of the resnets' norms.</param>
/// <param name="DownsamplePadding">Of the downsampler.</param>
internal sealed record UNetLevel(
    int Layers, int TransformerLayers, int Heads, int ContextChannels, int TimeChannels, int Groups, float Epsilon, int DownsamplePadding);
