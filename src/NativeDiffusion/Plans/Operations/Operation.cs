namespace NativeDiffusion.Plans;

/// <summary>One step of a graph: immutable data that a device turns into work.</summary>
/// <param name="Output">What the step makes.</param>
internal abstract record Operation(PlanTensor Output)
{
    /// <summary>The model's part that asked for it, dotted as in the checkpoint; for timing and messages.</summary>
    public string Scope { get; init; } = "";

    /// <summary>What the step reads.</summary>
    public abstract IEnumerable<PlanTensor> Inputs { get; }

    /// <summary>What the step makes: <see cref="Output"/>, and second outputs of operations that have some.</summary>
    public virtual IEnumerable<PlanTensor> Outputs => [Output];

    /// <summary>The name of the operation, the same on every device: <c>GroupNorm</c>.</summary>
    public string Name => GetType().Name[..^nameof(Operation).Length];

    /// <summary>The same step over other inputs.</summary>
    /// <param name="map">Gives what stands in for an input; the same value where nothing does.</param>
    public abstract Operation WithInputs(Func<PlanTensor, PlanTensor> map);
}
