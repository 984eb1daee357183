namespace NativeDiffusion.Plans;

/// <summary>
/// Lowers a recorded graph for a device: a sequence of passes, each from a graph to a graph, controlled by the device's capabilities.
/// Adapters are attached after this, to the joined products; a backward graph is a pass before it, over the recorded graph.
/// </summary>
internal static class Lowering
{
    /// <summary>The passes in order: earlier ones produce the patterns that later ones fuse.</summary>
    public static IReadOnlyList<Func<Graph, DeviceCapabilities, Graph>> Passes { get; } =
    [
        RemoveUnread.Apply,
        JoinEpilogues.Apply,
        JoinShortcuts.Apply,
        JoinResiduals.Apply,
        JoinProjections.Apply,
        JoinTimeProjections.Apply,
        ResolveConcat.Apply,
        ResolveUpsampling.Apply,
        JoinStatistics.Apply,
        RemoveUnread.Apply,
    ];

    /// <summary>Runs all passes.</summary>
    /// <param name="recorded">As the builder recorded it.</param>
    /// <param name="capabilities">The device's capabilities.</param>
    /// <returns>Fewer operations with the same results.</returns>
    public static Graph Lower(Graph recorded, DeviceCapabilities capabilities) =>
        Passes.Aggregate(recorded, (graph, pass) => pass(graph, capabilities));
}
