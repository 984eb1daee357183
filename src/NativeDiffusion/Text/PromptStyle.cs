namespace NativeDiffusion.Text;

/// <summary>The rules that convert a prompt to text states.</summary>
public enum PromptStyle
{
    /// <summary>A1111's grammar, chunks of 75 tokens and emphasis.</summary>
    A1111,

    /// <summary>diffusers' pipelines: no grammar, truncated after 75 tokens.</summary>
    Plain,

    /// <summary>ComfyUI's weights, chunks and <c>embedding:name</c>. Written from its source; not compared with ComfyUI itself.</summary>
    Comfy,
}
