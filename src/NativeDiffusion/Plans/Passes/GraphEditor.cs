namespace NativeDiffusion.Plans;

/// <summary>The working copy of one pass over a graph: who makes a value, how often it is read, what was exchanged. The graph itself stays.</summary>
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

    /// <summary>How many operations the graph had when it was opened.</summary>
    public int Length => _operations.Length;

    /// <summary>The operation at a place; null where it was removed.</summary>
    public Operation? this[int index] => _operations[index];

    /// <summary>Where a value is made; -1 for an input.</summary>
    public int ProducerIndex(PlanTensor value) => _producers.GetValueOrDefault(value.Root, -1);

    /// <summary>The operation that makes a value; null for an input.</summary>
    public Operation? Producer(PlanTensor value) => ProducerIndex(value) is >= 0 and int index ? _operations[index] : null;

    /// <summary>How many operations and outputs read a value, views included.</summary>
    public int Reads(PlanTensor value) => _reads.GetValueOrDefault(value.Root);

    /// <summary>The product that makes a value which nobody else reads, and whose epilogue ends before a residual; or null.</summary>
    public GemmOperation? OpenProduct(PlanTensor value) =>
        value.IsWhole && Reads(value) == 1 && Producer(value) is GemmOperation { Residual: null, Statistics: null } product ? product : null;

    /// <summary>Puts an operation in the place of another.</summary>
    public void Replace(int index, Operation operation)
    {
        _operations[index] = operation;
        foreach (PlanTensor output in operation.Outputs) _producers[output] = index;
    }

    /// <summary>Takes an operation out.</summary>
    public void Remove(Operation operation) => _operations[_producers[operation.Output]] = null;

    /// <summary>Everybody who reads a value reads another one instead.</summary>
    public void Substitute(PlanTensor value, PlanTensor replacement) => _replacements.Add(value, replacement);

    /// <summary>The graph as it is now.</summary>
    public Graph ToGraph()
    {
        if (_replacements.Count == 0) return new Graph(_graph.GraphInputs, [.. _operations.OfType<Operation>()], _graph.GraphOutputs);
        return new Graph(
            _graph.GraphInputs,
            [.. _operations.OfType<Operation>().Select(operation => operation.WithInputs(Current))],
            [.. _graph.GraphOutputs.Select(output => output with { Value = Current(output.Value) })]);
    }

    // Views of an exchanged value become views of its replacement; each once, so that they keep an identity.
    private PlanTensor Current(PlanTensor value)
    {
        if (_replacements.TryGetValue(value, out PlanTensor? known)) return known;
        if (!_replacements.TryGetValue(value.Root, out PlanTensor? owner)) return value;
        return _replacements[value] = new PlanTensor(value.Shape, owner, value.FirstChannel);
    }
}
