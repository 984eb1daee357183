using System.Collections.Immutable;

namespace NativeDiffusion.Plans;

/// <summary>
/// A model's forward pass for one set of shapes: operations over virtual tensors, in an order in which they can run. Immutable; the recorded
/// graph and the lowered one are both of this type, and passes make one from another. Any number of devices can compile it.
/// </summary>
public sealed class Graph
{
    internal Graph(ImmutableArray<PlanInput> inputs, ImmutableArray<Operation> operations, ImmutableArray<GraphOutput> outputs)
    {
        GraphInputs = inputs;
        Operations = operations;
        GraphOutputs = outputs;
    }

    /// <summary>The inputs, in the order of their declaration.</summary>
    public IReadOnlyList<PlanInput> Inputs => GraphInputs;

    /// <summary>The outputs, in the order of their declaration; tapped scopes among them.</summary>
    public IEnumerable<PlanOutput> Outputs => GraphOutputs.Select(output => output.Handle);

    /// <summary>The operations, in an order in which they can run.</summary>
    internal ImmutableArray<Operation> Operations { get; }

    /// <summary>The inputs.</summary>
    internal ImmutableArray<PlanInput> GraphInputs { get; }

    /// <summary>The outputs, each with its value.</summary>
    internal ImmutableArray<GraphOutput> GraphOutputs { get; }

    /// <summary>An output by its name.</summary>
    /// <param name="name">As it was declared, or the tapped scope's name.</param>
    /// <exception cref="ArgumentException">There is no such output.</exception>
    public PlanOutput Output(string name) => Outputs.FirstOrDefault(output => output.Name == name)
        ?? throw new ArgumentException($"The graph has no output '{name}'; it has {string.Join(", ", Outputs.Select(output => output.Name))}.", nameof(name));
}

/// <summary>An output and its value; passes may replace the value, never the handle.</summary>
/// <param name="Handle">The host's handle.</param>
/// <param name="Value">The value.</param>
internal readonly record struct GraphOutput(PlanOutput Handle, PlanTensor Value);
