namespace NativeDiffusion.Cli.Output;

/// <summary>Progress that is reported synchronously, on the calling thread: lines stay in order.</summary>
internal sealed class Report<T>(Action<T> action) : IProgress<T>
{
    void IProgress<T>.Report(T value) => action(value);
}
