using System.Collections.Immutable;
using NativeDiffusion.Tensors;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Plans;

/// <summary>
/// A lowered graph with a position in bytes for every value, by a device's rules, and the order of execution. Immutable; not bound to
/// memory yet. There are two regions: the device's arena for values that live within a run, shared by all plans; what outlives a run
/// (inputs, outputs, the prologue's results) is kept in the plan's own memory.
/// </summary>
internal sealed class Plan
{
    private readonly Dictionary<PlanTensor, ValuePlace> _places;

    private Plan(
        Graph graph, ImmutableArray<PlacedOperation> prologue, ImmutableArray<PlacedOperation> main,
        Dictionary<PlanTensor, ValuePlace> places, long arenaBytes, long keptBytes)
    {
        Graph = graph;
        Prologue = prologue;
        Main = main;
        _places = places;
        ArenaBytes = arenaBytes;
        KeptBytes = keptBytes;
    }

    /// <summary>The lowered graph.</summary>
    public Graph Graph { get; }

    /// <summary>Operations that depend on stable inputs alone; run again only after one of them was set.</summary>
    public ImmutableArray<PlacedOperation> Prologue { get; }

    /// <summary>Operations that run every time.</summary>
    public ImmutableArray<PlacedOperation> Main { get; }

    /// <summary>Bytes of the device's arena that a run uses.</summary>
    public long ArenaBytes { get; }

    /// <summary>Bytes of the plan's own memory.</summary>
    public long KeptBytes { get; }

    /// <summary>Prologue and main part.</summary>
    public IEnumerable<PlacedOperation> Operations => Prologue.Concat(Main);

    /// <summary>All values that have memory, each with its position.</summary>
    public IReadOnlyDictionary<PlanTensor, ValuePlace> Places => _places;

    /// <summary>Position of a value; a view's first channel included.</summary>
    public ValuePlace PlaceOf(PlanTensor value)
    {
        ValuePlace place = _places[value.Root];
        return place with { Offset = place.Offset + (long)value.FirstChannel * place.Type.Size() };
    }

    /// <summary>Splits a lowered graph into prologue and main part and assigns positions to its values.</summary>
    /// <param name="graph">The lowered graph.</param>
    /// <param name="rules">The device's.</param>
    public static Plan Place(Graph graph, IPlacementRules rules)
    {
        (List<Operation> prologue, List<Operation> main) = Split(graph);
        Operation[] all = [.. prologue, .. main];
        HashSet<PlanTensor> kept = [.. graph.GraphInputs.Select(input => input.Value), .. graph.GraphOutputs.Select(output => output.Value.Root)];
        Dictionary<PlanTensor, (int First, int Last)> lives = Lives(all);
        kept.UnionWith(lives.Where(life => life.Value.First < prologue.Count && life.Value.Last >= prologue.Count).Select(life => life.Key));

        var places = new Dictionary<PlanTensor, ValuePlace>();
        var arena = new ArenaPlanner(rules.Alignment);
        long keptBytes = 0;
        var blocks = new List<(PlanTensor Value, int Block)>();
        foreach (PlanTensor value in kept)
        {
            places[value] = new ValuePlace(MemoryRegion.Kept, keptBytes, rules.TypeOf(value));
            keptBytes += Aligned(BytesOf(value, rules), rules.Alignment);
        }

        foreach ((PlanTensor value, (int first, int last)) in lives.Where(life => !kept.Contains(life.Key)))
            blocks.Add((value, arena.Add(BytesOf(value, rules), first, last)));
        int?[] workspaces = [.. all.Select((operation, i) => rules.WorkspaceBytes(operation) is > 0 and long bytes ? arena.Add(bytes, i, i) : (int?)null)];

        long[] offsets = arena.Place();
        foreach ((PlanTensor value, int block) in blocks) places[value] = new ValuePlace(MemoryRegion.Arena, offsets[block], rules.TypeOf(value));
        ImmutableArray<PlacedOperation> placed =
            [.. all.Select((operation, i) => new PlacedOperation(operation, workspaces[i] is { } block ? offsets[block] : null))];
        return new Plan(graph, placed[..prologue.Count], placed[prologue.Count..], places, arena.Bytes, keptBytes);
    }

    private static long BytesOf(PlanTensor value, IPlacementRules rules) => value.Shape.Count * rules.TypeOf(value).Size();

    private static long Aligned(long bytes, int alignment) => (bytes + alignment - 1) / alignment * alignment;

    private static (List<Operation> Prologue, List<Operation> Main) Split(Graph graph)
    {
        HashSet<PlanTensor> stable = [.. graph.GraphInputs.Where(input => input.IsStable).Select(input => input.Value)];
        List<Operation> prologue = [], main = [];
        foreach (Operation operation in graph.Operations)
        {
            bool isStable = operation.Inputs.All(input => stable.Contains(input.Root));
            if (isStable) stable.UnionWith(operation.Outputs);
            (isStable ? prologue : main).Add(operation);
        }

        return (prologue, main);
    }

    private static Dictionary<PlanTensor, (int First, int Last)> Lives(Operation[] operations)
    {
        var lives = new Dictionary<PlanTensor, (int First, int Last)>();
        for (int i = 0; i < operations.Length; i++)
        {
            foreach (PlanTensor value in operations[i].Inputs.Concat(operations[i].Outputs).Select(value => value.Root))
                lives[value] = lives.TryGetValue(value, out (int First, int Last) life) ? (life.First, i) : (i, i);
        }

        return lives;
    }
}

/// <summary>The memory region of a value.</summary>
internal enum MemoryRegion
{
    /// <summary>The device's arena: overwritten by the next run of any plan.</summary>
    Arena,

    /// <summary>The plan's own memory.</summary>
    Kept,
}

/// <summary>The position of a value.</summary>
/// <param name="Region">The memory region.</param>
/// <param name="Offset">Offset in bytes.</param>
/// <param name="Type">The type of its elements.</param>
internal readonly record struct ValuePlace(MemoryRegion Region, long Offset, DType Type);

/// <summary>An operation of a plan.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Workspace">Offset of its workspace in the arena, or null if it has none.</param>
internal readonly record struct PlacedOperation(Operation Operation, long? Workspace);
