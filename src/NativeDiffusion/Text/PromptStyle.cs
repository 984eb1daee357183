namespace NativeDiffusion.Text;

/// <summary>Whose rules turn a prompt into text states.</summary>
public enum PromptStyle
{
    /// <summary>A1111's grammar, chunks of 75 tokens and emphasis.</summary>
    A1111,

    /// <summary>diffusers' pipelines: no grammar, cut off after 75 tokens.</summary>
    Plain,

    /// <summary>ComfyUI's weights, chunks and <c>embedding:name</c>. Written from its source; not compared with a run of it.</summary>
    Comfy,
}
