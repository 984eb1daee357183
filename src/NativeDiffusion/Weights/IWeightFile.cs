namespace NativeDiffusion.Weights;

/// <summary>Named tensors in a file (or in a set of files that belong together), open until disposed.</summary>
public interface IWeightFile : IWeightSource, IDisposable
{
    /// <summary>Strings stored beside the tensors; empty when there are none.</summary>
    IReadOnlyDictionary<string, string> Metadata { get; }
}
