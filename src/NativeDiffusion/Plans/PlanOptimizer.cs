using NativeDiffusion.Plans.Operations;

namespace NativeDiffusion.Plans;

/// <summary>
/// Joins what one launch can do: activations, time embeddings, residuals and 1x1 shortcuts into the products before them,
/// q, k and v into one product, concatenation and upsampling into the readers.
/// </summary>
internal sealed class PlanOptimizer
{
    private readonly List<Operation?> _operations = [];
    private readonly Dictionary<PlanTensor, int> _producers = [];
    private readonly Dictionary<PlanTensor, int> _uses = [];

    private PlanOptimizer(IEnumerable<Operation> recorded)
    {
        foreach (PlanTensor input in recorded.SelectMany(operation => operation.Inputs))
            _uses[input.Root] = _uses.GetValueOrDefault(input.Root) + 1;
    }

    /// <summary>Rewrites a recorded list.</summary>
    /// <param name="recorded">The operations in the order in which the model asked for them.</param>
    /// <returns>Fewer operations with the same results, in an order in which they can run.</returns>
    public static List<Operation> Optimize(IReadOnlyList<Operation> recorded)
    {
        var optimizer = new PlanOptimizer(recorded);
        foreach (Operation operation in recorded)
        {
            optimizer.Append(operation switch
            {
                ActivationOperation activation => optimizer.Join(activation),
                AddOperation { IsBroadcast: true } add => optimizer.JoinImageBias(add),
                AddOperation add => optimizer.JoinResidual(add),
                AttentionOperation attention => optimizer.JoinProjections(attention),
                _ => operation,
            });
        }

        return VirtualSources.Resolve([.. optimizer._operations.OfType<Operation>()]);
    }

    private void Append(Operation operation)
    {
        if (operation is not DownloadOperation) _producers[operation.Output.Root] = _operations.Count;
        _operations.Add(operation);
    }

    // A product that nobody else reads and whose epilogue still has room.
    private MatrixOperation? OpenProduct(PlanTensor tensor) =>
        _uses.GetValueOrDefault(tensor.Root) == 1 && _producers.TryGetValue(tensor.Root, out int index)
        && _operations[index] is MatrixOperation { Residual: null } product ? product : null;

    private void Remove(Operation operation) => _operations[_producers[operation.Output.Root]] = null;

    private Operation Join(ActivationOperation operation)
    {
        if (OpenProduct(operation.X) is not { Activation: Activation.None } product) return operation;
        Remove(product);
        return product with { Activation = operation.Activation, Output = operation.Output };
    }

    private Operation JoinImageBias(AddOperation operation)
    {
        if (OpenProduct(operation.A) is not { Activation: Activation.None, ImageBias: null } product) return operation;
        Remove(product);
        return product with { ImageBias = operation.B, Output = operation.Output };
    }

    private Operation JoinResidual(AddOperation operation)
    {
        MatrixOperation? a = OpenProduct(operation.A), b = OpenProduct(operation.B);
        if (a is not null && b is not null && IsShortcut(a) && b.Activation == Activation.None) return MergeShortcut(b, a, operation);
        if (a is not null && b is not null && IsShortcut(b) && a.Activation == Activation.None) return MergeShortcut(a, b, operation);
        if ((b ?? a) is not { } host) return operation;
        Remove(host);
        return host with { Residual = host == b ? operation.A : operation.B, Output = operation.Output };
    }

    private static bool IsShortcut(MatrixOperation product) =>
        product is { Activation: Activation.None, ImageBias: null, Segments: [{ Window: { Kernel: 1, Stride: 1 }, Weights.Count: 1 }] };

    private MatrixOperation MergeShortcut(MatrixOperation host, MatrixOperation shortcut, AddOperation add)
    {
        Remove(host);
        Remove(shortcut);
        return host with
        {
            Segments = [.. host.Segments, .. shortcut.Segments],
            Biases = [[.. host.Biases[0], .. shortcut.Biases[0]]],
            Output = add.Output,
        };
    }

    private AttentionOperation JoinProjections(AttentionOperation attention)
    {
        PlanTensor[] all = [attention.Query, attention.Key, attention.Value];
        if (!TryJoin(all)) TryJoin(all[1..]);
        return attention;
    }

    private bool TryJoin(PlanTensor[] tensors)
    {
        MatrixOperation?[] found = [.. tensors.Select(OpenProduct)];
        if (found.Any(product => product is null || !IsShortcut(product) || product.Segments[0].Source != found[0]!.Segments[0].Source)) return false;
        MatrixOperation[] products = found!;
        int bottom = products.Max(product => _producers[product.Output.Root]);
        MatrixSegment first = products[0].Segments[0];
        int outputs = products.Sum(product => product.Outputs);
        Span<int> shape = stackalloc int[tensors[0].Shape.Rank];
        tensors[0].Shape.Dimensions.CopyTo(shape);
        shape[^1] = outputs;
        var joined = new PlanTensor(new Tensors.TensorShape(shape));
        var operation = new MatrixOperation(
            [first with { Weights = [.. products.Select(product => product.Segments[0].Weights[0])] }],
            [.. products.Select(product => product.Biases[0])],
            outputs,
            joined)
        { Scope = products[0].Scope };
        foreach (MatrixOperation product in products) Remove(product);
        _operations[bottom] = operation;
        _producers[joined] = bottom;
        int offset = 0;
        foreach (PlanTensor tensor in tensors)
        {
            tensor.LookInto(joined, offset);
            offset += tensor.Channels;
        }

        return true;
    }
}
