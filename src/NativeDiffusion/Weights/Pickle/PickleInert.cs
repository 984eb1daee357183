namespace NativeDiffusion.Weights.Pickle;

/// <summary>An object that a pickle describes and that is not made: its class's name and what the pickle would have set.</summary>
/// <param name="global">Its class.</param>
internal sealed class PickleInert(PickleGlobal global)
{
    /// <summary>Its class.</summary>
    public PickleGlobal Global { get; } = global;

    /// <summary>The last state that the pickle set, or null.</summary>
    public object? State { get; set; }
}
