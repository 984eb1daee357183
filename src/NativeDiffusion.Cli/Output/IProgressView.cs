namespace NativeDiffusion.Cli.Output;

/// <summary>Shows the progress of work. Calls may come from any thread, one at a time.</summary>
internal interface IProgressView
{
    /// <summary>Begins a stage; the preceding one is finished.</summary>
    /// <param name="name">The stage: <c>loading</c>, <c>sampling</c>.</param>
    /// <param name="steps">Its number of steps, or null if unknown.</param>
    /// <param name="isShare">Whether the steps are only parts of a whole (of 100), without a rate.</param>
    void Stage(string name, int? steps = null, bool isShare = false);

    /// <summary>Reports the completed steps of the stage.</summary>
    /// <param name="done">From 0 to the stage's steps.</param>
    /// <param name="note">A short note, or null.</param>
    void Step(int done, string? note = null);
}
