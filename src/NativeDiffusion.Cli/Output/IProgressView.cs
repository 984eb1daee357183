namespace NativeDiffusion.Cli.Output;

/// <summary>Shows how far a piece of work is. Calls may come from any thread, one at a time.</summary>
internal interface IProgressView
{
    /// <summary>Begins a stage; the one before is finished.</summary>
    /// <param name="name">What is done: <c>loading</c>, <c>sampling</c>.</param>
    /// <param name="steps">How many steps it has, or null when that is unknown.</param>
    /// <param name="isShare">Whether the steps are only parts of a whole (of 100), with no rate worth telling.</param>
    void Stage(string name, int? steps = null, bool isShare = false);

    /// <summary>Says how many steps of the stage are done.</summary>
    /// <param name="done">From 0 to the stage's steps.</param>
    /// <param name="note">A few words more, or null.</param>
    void Step(int done, string? note = null);
}
