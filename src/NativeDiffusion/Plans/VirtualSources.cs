using NativeDiffusion.Plans.Operations;

namespace NativeDiffusion.Plans;

/// <summary>Lets readers of concatenations and upsampled pictures look into the originals, so that neither is ever written.</summary>
internal static class VirtualSources
{
    /// <summary>Rewrites the readers; a concatenation that somebody must read whole stays.</summary>
    public static List<Operation> Resolve(List<Operation> operations)
    {
        Dictionary<PlanTensor, ConcatOperation> concats = operations.OfType<ConcatOperation>().ToDictionary(operation => operation.Output);
        Dictionary<PlanTensor, UpsampleOperation> upsamples = operations.OfType<UpsampleOperation>().ToDictionary(operation => operation.Output);
        for (int i = 0; i < operations.Count; i++)
        {
            operations[i] = operations[i] switch
            {
                MatrixOperation product => product with { Segments = [.. product.Segments.SelectMany(segment => Look(segment, concats, upsamples))] },
                GroupNormOperation norm when concats.TryGetValue(norm.X, out ConcatOperation? concat) => norm with { X = concat.A, X2 = concat.B },
                Operation other => other,
            };
        }

        HashSet<PlanTensor> read = [.. operations.SelectMany(operation => operation.Inputs).Select(input => input.Root)];
        operations.RemoveAll(operation => operation is ConcatOperation or UpsampleOperation && !read.Contains(operation.Output));
        if (operations.OfType<UpsampleOperation>().FirstOrDefault() is { } left)
            throw new ArgumentException($"The plan does not fit: only convolutions may read an upsampled picture ({left.Scope}).");
        return operations;
    }

    private static IEnumerable<MatrixSegment> Look(
        MatrixSegment segment, Dictionary<PlanTensor, ConcatOperation> concats, Dictionary<PlanTensor, UpsampleOperation> upsamples)
    {
        if (upsamples.TryGetValue(segment.Source, out UpsampleOperation? upsample)) return [segment with { Source = upsample.X }];
        if (!concats.TryGetValue(segment.Source, out ConcatOperation? concat)) return [segment];
        return
        [
            segment with { Source = concat.A, Weights = [.. segment.Weights.Select(rows => rows with { InputCount = concat.A.Channels })] },
            segment with { Source = concat.B,
                Weights = [.. segment.Weights.Select(rows => rows with { FirstInput = concat.A.Channels, InputCount = concat.B.Channels })] },
        ];
    }
}
