namespace NativeDiffusion.Plans;

/// <summary>A named part of a model while it is being recorded; ends when disposed.</summary>
public readonly ref struct PlanScope
{
    private readonly PlanBuilder _builder;
    private readonly string _outer;

    internal PlanScope(PlanBuilder builder, string outer)
    {
        _builder = builder;
        _outer = outer;
    }

    /// <summary>Says which value is this part's result, so that it can be tapped by the part's name.</summary>
    /// <param name="output">The result.</param>
    /// <returns>The same value.</returns>
    public PlanTensor Returns(PlanTensor output)
    {
        _builder.Tap(output);
        return output;
    }

    /// <summary>Ends the part.</summary>
    public void Dispose() => _builder.EndScope(_outer);
}
