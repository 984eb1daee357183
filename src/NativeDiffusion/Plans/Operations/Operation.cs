namespace NativeDiffusion.Plans;

/// <summary>One operation of a graph: immutable data that a device executes.</summary>
/// <param name="Output">The result.</param>
internal abstract record Operation(PlanTensor Output)
{
    /// <summary>The scope in the model, dotted as in the checkpoint; for timing and messages.</summary>
    public string Scope { get; init; } = "";

    /// <summary>The inputs.</summary>
    public abstract IEnumerable<PlanTensor> Inputs { get; }

    /// <summary>The results: <see cref="Output"/>, and second outputs of operations that have them.</summary>
    public virtual IEnumerable<PlanTensor> Outputs => [Output];

    /// <summary>The name of the operation, the same on every device: <c>GroupNorm</c>.</summary>
    public string Name => GetType().Name[..^nameof(Operation).Length];

    /// <summary>The same operation over other inputs.</summary>
    /// <param name="map">Returns the replacement of an input, or the same value if there is none.</param>
    public abstract Operation WithInputs(Func<PlanTensor, PlanTensor> map);
}
