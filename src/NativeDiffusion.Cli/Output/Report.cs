namespace NativeDiffusion.Cli.Output;

/// <summary>Progress that is passed on at once, on the thread that reports it: lines stay in order.</summary>
internal sealed class Report<T>(Action<T> action) : IProgress<T>
{
    void IProgress<T>.Report(T value) => action(value);
}
