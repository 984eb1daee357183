using NativeDiffusion.Plans.Operations;

namespace NativeDiffusion.Plans;

/// <summary>
/// A model's forward pass for one set of shapes: operations in the order in which they run, and where in one arena each value lies.
/// Immutable; any number of devices can compile it.
/// </summary>
public sealed class Plan
{
    private Plan(IReadOnlyList<Operation> prologue, IReadOnlyList<Operation> operations, IReadOnlyDictionary<PlanTensor, long> offsets, long arenaLength)
    {
        Prologue = prologue;
        Operations = operations;
        Offsets = offsets;
        ArenaLength = arenaLength;
    }

    /// <summary>What depends on stable inputs alone: runs again only when one of them was set.</summary>
    public IReadOnlyList<Operation> Prologue { get; }

    /// <summary>What runs every time.</summary>
    public IReadOnlyList<Operation> Operations { get; }

    /// <summary>The first number of each owning tensor in the arena.</summary>
    public IReadOnlyDictionary<PlanTensor, long> Offsets { get; }

    /// <summary>How many 4-byte numbers the arena holds.</summary>
    public long ArenaLength { get; }

    internal static Plan From(List<Operation> operations)
    {
        var stable = new HashSet<PlanTensor>();
        List<Operation> prologue = [], main = [];
        foreach (Operation operation in operations)
        {
            bool isStable = operation switch
            {
                UploadOperation upload => upload.Stable,
                DownloadOperation => false,
                _ => operation.Inputs.All(input => stable.Contains(input.Root)),
            };
            if (isStable) stable.Add(operation.Output.Root);
            (isStable ? prologue : main).Add(operation);
        }

        var arena = new ArenaPlanner([.. prologue, .. main], prologue.Count);
        return new Plan(prologue, main, arena.Offsets, arena.Length);
    }
}
