using NativeDiffusion.Testing;

namespace NativeDiffusion.Tests.Checkpoints;

/// <summary>The single file with its vocabulary, written once for the tests of a class; the YAML is theirs to write.</summary>
public sealed class TinySingleFileFixture : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TinySingleFileFixture()
    {
        TinySingleFile.Write(Path);
        WriteYaml(null);
    }

    public string Path => _folder.File("tiny.safetensors");

    public string Yaml => _folder.File("tiny.yaml");

    /// <summary>Puts a YAML beside the file; null for its own.</summary>
    public void WriteYaml(string? text) => TinySingleFile.WriteCompanions(Path, text);

    public void Dispose() => _folder.Dispose();
}
