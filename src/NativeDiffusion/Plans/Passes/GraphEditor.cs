namespace NativeDiffusion.Plans;

/// <summary>The working copy of one pass over a graph: producers, number of uses, replacements. The graph itself is not changed.</summary>
internal sealed class GraphEditor
{
    private readonly Graph _graph;
    private readonly Operation?[] _operations;
    private readonly Dictionary<PlanTensor, int> _producers = [];
    private readonly Dictionary<PlanTensor, int> _reads = [];
    private readonly Dictionary<PlanTensor, PlanTensor> _replacements = [];

    /// <summary>Opens a graph.</summary>
    public GraphEditor(Graph graph)
    {
        _graph = graph;
        _operations = [.. graph.Operations];
        for (int i = 0; i < _operations.Length; i++)
        {
            foreach (PlanTensor output in _operations[i]!.Outputs) _producers.Add(output, i);
            foreach (PlanTensor input in _operations[i]!.Inputs) Count(input);
        }

        foreach (GraphOutput output in graph.GraphOutputs) Count(output.Value);

        void Count(PlanTensor value) => _reads[value.Root] = _reads.GetValueOrDefault(value.Root) + 1;
    }

    /// <summary>Number of operations of the original graph.</summary>
    public int Length => _operations.Length;

    /// <summary>The operation at an index; null if it was removed.</summary>
    public Operation? this[int index] => _operations[index];

    /// <summary>Index of the operation that produces a value; -1 for an input.</summary>
    public int ProducerIndex(PlanTensor value) => _producers.GetValueOrDefault(value.Root, -1);

    /// <summary>The operation that produces a value; null for an input.</summary>
    public Operation? Producer(PlanTensor value) => ProducerIndex(value) is >= 0 and int index ? _operations[index] : null;

    /// <summary>Number of operations and outputs that read a value, views included.</summary>
    public int Reads(PlanTensor value) => _reads.GetValueOrDefault(value.Root);

    /// <summary>
    /// The product that produces a value with a single consumer, whose epilogue has no residual, and which can produce the value in the shape that it is
    /// read with; or null.
    /// </summary>
    public GemmOperation? OpenProduct(PlanTensor value) =>
        value.IsWhole && Reads(value) == 1 && Producer(value) is GemmOperation { Residual: null, Statistics: null } product
            && product.CanMake(value.Shape) ? product : null;

    /// <summary>Replaces an operation by another.</summary>
    public void Replace(int index, Operation operation)
    {
        _operations[index] = operation;
        foreach (PlanTensor output in operation.Outputs) _producers[output] = index;
    }

    /// <summary>Removes an operation.</summary>
    public void Remove(Operation operation) => _operations[_producers[operation.Output]] = null;

    /// <summary>Replaces a value by another for all its consumers.</summary>
    public void Substitute(PlanTensor value, PlanTensor replacement) => _replacements.Add(value, replacement);

    /// <summary>The edited graph.</summary>
    public Graph ToGraph()
    {
        if (_replacements.Count == 0) return new Graph(_graph.GraphInputs, [.. _operations.OfType<Operation>()], _graph.GraphOutputs);
        return new Graph(
            _graph.GraphInputs,
            [.. _operations.OfType<Operation>().Select(operation => operation.WithInputs(Current))],
            [.. _graph.GraphOutputs.Select(output => output with { Value = Current(output.Value) })]);
    }

    // Views of a replaced value become views of its replacement; each once, so that they keep an identity.
    private PlanTensor Current(PlanTensor value)
    {
        if (_replacements.TryGetValue(value, out PlanTensor? known)) return known;
        if (!_replacements.TryGetValue(value.Root, out PlanTensor? owner)) return value;
        return _replacements[value] = new PlanTensor(value.Shape, owner, value.FirstChannel);
    }
}
