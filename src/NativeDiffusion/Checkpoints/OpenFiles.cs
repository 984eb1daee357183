using NativeDiffusion.Weights;

namespace NativeDiffusion.Checkpoints;

/// <summary>The files of a checkpoint, closed together.</summary>
internal sealed class OpenFiles : IDisposable
{
    private readonly List<IWeightFile> _files = [];

    /// <summary>Opens a file that is closed with the others.</summary>
    public IWeightFile Open(string path)
    {
        IWeightFile file = WeightFile.Open(path);
        _files.Add(file);
        return file;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IWeightFile file in _files) file.Dispose();
    }
}
