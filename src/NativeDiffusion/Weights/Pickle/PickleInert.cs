namespace NativeDiffusion.Weights.Pickle;

/// <summary>An object of a pickle that is not instantiated: its class's name and its state.</summary>
/// <param name="global">Its class.</param>
internal sealed class PickleInert(PickleGlobal global)
{
    /// <summary>Its class.</summary>
    public PickleGlobal Global { get; } = global;

    /// <summary>The last state set by the pickle, or null.</summary>
    public object? State { get; set; }
}
