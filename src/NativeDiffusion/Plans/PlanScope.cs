namespace NativeDiffusion.Plans;

/// <summary>A named scope of a model during recording; ends on disposal.</summary>
public readonly ref struct PlanScope
{
    private readonly PlanBuilder _builder;
    private readonly string _outer;

    internal PlanScope(PlanBuilder builder, string outer)
    {
        _builder = builder;
        _outer = outer;
    }

    /// <summary>Sets the scope's result, so that it can be tapped by the scope's name.</summary>
    /// <param name="output">The result.</param>
    /// <returns>The same value.</returns>
    public PlanTensor Returns(PlanTensor output)
    {
        _builder.Tap(output);
        return output;
    }

    /// <summary>Ends the scope.</summary>
    public void Dispose() => _builder.EndScope(_outer);
}
