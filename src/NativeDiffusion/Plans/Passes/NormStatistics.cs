using System.Collections.Immutable;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Plans;

/// <summary>
/// Passes over a recorded graph that replace the source of its group norms' statistics, so that tiles of a picture can be normalized as
/// the whole picture is. Norms are numbered in the order of recording.
/// </summary>
internal static class NormStatistics
{
    /// <summary>The statistics of every group norm become outputs <c>norm.0</c>, <c>norm.1</c>, …, each [N, 2 · groups].</summary>
    /// <param name="graph">A recorded graph.</param>
    /// <returns>The graph and the new outputs.</returns>
    public static (Graph Graph, ImmutableArray<PlanOutput> Statistics) Reported(Graph graph)
    {
        var operations = ImmutableArray.CreateBuilder<Operation>();
        var outputs = ImmutableArray.CreateBuilder<GraphOutput>();
        foreach (Operation operation in graph.Operations)
        {
            if (operation is GroupNormOperation norm)
            {
                var statistics = new PlanTensor(ShapeOf(norm), ValueRole.Float32);
                operations.Add(new GroupStatisticsOperation(norm.X, statistics, norm.Groups) { Scope = norm.Scope });
                outputs.Add(new GraphOutput(new PlanOutput($"norm.{outputs.Count}", statistics.Shape), statistics));
            }

            operations.Add(operation);
        }

        return (
            new Graph(graph.GraphInputs, operations.ToImmutable(), [.. graph.GraphOutputs, .. outputs]),
            [.. outputs.Select(output => output.Handle)]);
    }

    /// <summary>Every group norm reads its statistics from an input <c>norm.0</c>, <c>norm.1</c>, …, each [N, 2 · groups].</summary>
    /// <param name="graph">A recorded graph.</param>
    /// <returns>The graph and the new inputs.</returns>
    public static (Graph Graph, ImmutableArray<PlanInput<float>> Statistics) Given(Graph graph)
    {
        var inputs = ImmutableArray.CreateBuilder<PlanInput<float>>();
        ImmutableArray<Operation> operations = [.. graph.Operations.Select(operation =>
        {
            if (operation is not GroupNormOperation norm) return operation;
            var value = new PlanTensor(ShapeOf(norm), ValueRole.Float32);
            inputs.Add(new PlanInput<float>($"norm.{inputs.Count}", value.Shape, value, isStable: false));
            return norm with { Statistics = value };
        })];
        return (new Graph([.. graph.GraphInputs, .. inputs], operations, graph.GraphOutputs), inputs.ToImmutable());
    }

    private static TensorShape ShapeOf(GroupNormOperation norm) => new(norm.X.Shape[0], 2 * norm.Groups);
}
