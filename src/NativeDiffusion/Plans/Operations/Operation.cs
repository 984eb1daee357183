namespace NativeDiffusion.Plans.Operations;

/// <summary>One step of a plan: immutable data that a device turns into work.</summary>
/// <param name="Output">What the step makes.</param>
public abstract record Operation(PlanTensor Output)
{
    /// <summary>The model's part that asked for it, dotted as in the checkpoint; for timing and messages.</summary>
    public string Scope { get; init; } = "";

    /// <summary>What the step reads.</summary>
    public abstract IEnumerable<PlanTensor> Inputs { get; }
}
