using NativeDiffusion.Tensors;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Plans;

/// <summary>
/// The interface in which a model's forward pass is written: it records operations over virtual tensors and checks every shape, for all devices.
/// A mismatch is an <see cref="ArgumentException"/>. It computes nothing.
/// </summary>
public sealed class PlanBuilder
{
    private readonly List<PlanInput> _inputs = [];
    private readonly List<Operation> _operations = [];
    private readonly List<GraphOutput> _outputs = [];
    private readonly HashSet<string> _taps;
    private readonly HashSet<string> _names = [];
    private readonly HashSet<PlanTensor> _values = [];
    private string _scope = "";

    /// <summary>Starts an empty graph.</summary>
    /// <param name="taps">Names of scopes whose results become outputs under the same names.</param>
    public PlanBuilder(IEnumerable<string>? taps = null) => _taps = [.. taps ?? []];

    /// <summary>Declares an input of float32 numbers.</summary>
    /// <param name="name">Its name, unique in the graph.</param>
    /// <param name="shape">The host's shape: pictures [N, C, H, W], everything else unchanged.</param>
    /// <param name="stable">Whether it changes rarely: values that depend on stable inputs alone are computed once and cached.</param>
    /// <returns>The handle; its value is [N, H, W, C] for pictures, else <paramref name="shape"/>.</returns>
    public PlanInput<float> Input(string name, TensorShape shape, bool stable = false) =>
        Declare(new PlanInput<float>(Unique(name), shape, New(ChannelsLast(shape)), stable));

    /// <summary>Declares an input of timesteps: float32 on every device.</summary>
    /// <param name="name">Its name, unique in the graph.</param>
    /// <param name="batch">N.</param>
    /// <returns>The handle; its value is [N, 1].</returns>
    public PlanInput<float> InputTimesteps(string name, int batch)
    {
        var shape = new TensorShape(batch, 1);
        return Declare(new PlanInput<float>(Unique(name), shape, new PlanTensor(shape, ValueRole.Float32), isStable: false));
    }

    /// <summary>Declares an input of token ids.</summary>
    /// <param name="name">Its name, unique in the graph.</param>
    /// <param name="shape">[N, S].</param>
    public PlanInput<int> InputTokens(string name, TensorShape shape) =>
        Declare(new PlanInput<int>(Unique(name), shape, new PlanTensor(shape, ValueRole.Tokens), isStable: false));

    /// <summary>Declares an output. Pictures are returned as [N, C, H, W].</summary>
    /// <param name="name">Its name, unique in the graph.</param>
    /// <param name="x">The value.</param>
    /// <returns>The handle.</returns>
    public PlanOutput Output(string name, PlanTensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        Require(_values.Contains(x.Root), $"output '{name}' is a value {x.Shape} of another builder");
        Require(x.Role != ValueRole.Tokens, $"output '{name}' is token ids {x.Shape}; outputs are float32");
        var output = new PlanOutput(Unique(name), ChannelsFirst(x.Shape));
        _outputs.Add(new GraphOutput(output, x));
        return output;
    }

    /// <summary>Opens a named scope of the model, nested in the current one.</summary>
    /// <param name="name">As in the checkpoint: <c>down_blocks.0</c>.</param>
    public PlanScope BeginScope(string name)
    {
        string outer = _scope;
        _scope = outer.Length == 0 ? name : $"{outer}.{name}";
        return new PlanScope(this, outer);
    }

    /// <summary>y[n, s] = table[token] + positions[s] (CLIP; arXiv:2103.00020).</summary>
    /// <param name="tokens">[N, S] from <see cref="InputTokens"/>.</param>
    /// <param name="extra">[E, D]: rows for token numbers V, V + 1, …; or null.</param>
    /// <param name="table">[V, D].</param>
    /// <param name="positions">[at least S, D].</param>
    /// <returns>[N, S, D].</returns>
    public PlanTensor TokenEmbedding(PlanTensor tokens, PlanTensor? extra, Parameter table, Parameter positions)
    {
        Require(tokens.Shape.Rank == 2 && tokens.Role == ValueRole.Tokens, $"tokens {tokens.Shape} are no input of token ids [N, S]");
        Require(
            table.Shape.Rank == 2 && positions.Shape.Rank == 2 && positions.Shape[0] >= tokens.Shape[1] && positions.Shape[1] == table.Shape[1],
            $"tokens {tokens.Shape} do not fit positions {positions.Shape} and the table {table.Shape}");
        Require(extra is null || extra.Channels == table.Shape[1], $"extra embeddings {extra?.Shape} do not fit the table {table.Shape}");
        PlanTensor y = New(new TensorShape(tokens.Shape[0], tokens.Shape[1], table.Shape[1]));
        return Record(new TokenEmbeddingOperation(tokens, extra, table, positions, y));
    }

    /// <summary>Sinusoids of the timestep (arXiv:2006.11239): frequencies 10000^(-i / (C/2 - shift)).</summary>
    /// <param name="timestep">[N, 1].</param>
    /// <param name="channels">C, even.</param>
    /// <param name="flipSinToCos">Cosines first.</param>
    /// <param name="frequencyShift">diffusers' freq_shift.</param>
    /// <returns>[N, C].</returns>
    public PlanTensor TimestepEmbedding(PlanTensor timestep, int channels, bool flipSinToCos, double frequencyShift)
    {
        Require(timestep.Shape.Rank == 2 && timestep.Channels == 1, $"timesteps have shape {timestep.Shape}, not [N, 1]");
        Require(channels % 2 == 0, $"a timestep embedding of {channels} channels has no halves");
        return Record(new TimestepEmbeddingOperation(timestep, New(new TensorShape(timestep.Shape[0], channels)), flipSinToCos, frequencyShift));
    }

    /// <summary>x · Wᵀ + b.</summary>
    /// <param name="x">[..., I].</param>
    /// <param name="weight">[O, I].</param>
    /// <param name="bias">[O] or null.</param>
    /// <returns>[..., O].</returns>
    public PlanTensor Linear(PlanTensor x, Parameter weight, Parameter? bias)
    {
        Require(
            x.Shape.Rank > 1 && weight.Shape.Rank == 2 && weight.Shape[1] == x.Channels,
            $"linear weight {weight.Name} {weight.Shape} does not fit {x.Shape}");
        (int height, int width) = x.Shape.Rank == 4 ? (x.Shape[1], x.Shape[2]) : (1, x.Rows);
        return Product(x, weight, bias, new ConvolutionWindow(1, 1, 0, height, width), WithChannels(x.Shape, weight.Shape[0]));
    }

    /// <summary>A convolution with a square window of 1 or 3, padded to keep the size (stride 1) or to halve it.</summary>
    /// <param name="x">[N, H, W, I].</param>
    /// <param name="weight">[O, I, k, k].</param>
    /// <param name="bias">[O] or null.</param>
    /// <param name="stride">1 or 2.</param>
    /// <param name="padding">Zeros on every side.</param>
    /// <param name="extraBottomRight">Further zeros below and to the right (the VAE encoder's downsampler: 0 and 1).</param>
    /// <returns>[N, H', W', O].</returns>
    public PlanTensor Conv2d(PlanTensor x, Parameter weight, Parameter? bias, int stride, int padding, int extraBottomRight = 0)
    {
        Require(
            x.Shape.Rank == 4 && weight.Shape.Rank == 4 && weight.Shape[1] == x.Channels, $"convolution {weight.Name} {weight.Shape} does not fit {x.Shape}");
        int kernel = weight.Shape[2];
        Require(weight.Shape[3] == kernel && kernel is 1 or 3, $"convolution {weight.Name} {weight.Shape} has a window other than 1x1 or 3x3");
        Require(
            stride is 1 or 2 && padding >= 0 && padding <= kernel / 2 && extraBottomRight >= 0 && extraBottomRight <= kernel / 2,
            $"convolution {weight.Name} {weight.Shape} has stride {stride}, padding {padding} and {extraBottomRight} further; strides are 1 and 2, "
                + $"paddings 0 to {kernel / 2}");
        int Size(int size) => (size + 2 * padding + extraBottomRight - kernel) / stride + 1;
        int height = x.Shape[1], width = x.Shape[2];
        Require(Size(height) > 0 && Size(width) > 0, $"a picture of {height}x{width} is too small for {weight.Name}");
        var window = new ConvolutionWindow(kernel, stride, padding, height, width);
        return Product(x, weight, bias, window, new TensorShape(x.Shape[0], Size(height), Size(width), weight.Shape[0]));
    }

    /// <summary>softmax(q kᵀ / √d) v, head by head.</summary>
    /// <param name="query">[N, S, C].</param>
    /// <param name="key">[N, T, C].</param>
    /// <param name="value">[N, T, C].</param>
    /// <param name="heads">Number of heads; divides C.</param>
    /// <param name="causal">Whether token s attends to tokens 0..s only.</param>
    /// <returns>[N, S, C].</returns>
    public PlanTensor Attention(PlanTensor query, PlanTensor key, PlanTensor value, int heads, bool causal = false)
    {
        Require(query.Shape.Rank == 3 && key.Shape.Rank == 3 && key.Shape == value.Shape && query.Shape[0] == key.Shape[0] && query.Channels == key.Channels,
            $"attention of {query.Shape} to {key.Shape} and {value.Shape}");
        Require(heads > 0 && query.Channels % heads == 0, $"{query.Channels} channels cannot be shared by {heads} heads");
        return Record(new AttentionOperation(query, key, value, New(query.Shape), heads, causal));
    }

    /// <summary>Layer normalisation over the channels (arXiv:1607.06450).</summary>
    /// <param name="x">[..., C].</param>
    /// <param name="weight">[C].</param>
    /// <param name="bias">[C].</param>
    /// <param name="epsilon">Added to the variance.</param>
    public PlanTensor LayerNorm(PlanTensor x, Parameter weight, Parameter bias, float epsilon)
    {
        Require(weight.Shape.Count == x.Channels && bias.Shape.Count == x.Channels, $"layer norm {weight.Name} {weight.Shape} does not fit {x.Shape}");
        return Record(new LayerNormOperation(x, weight, bias, New(x.Shape), epsilon));
    }

    /// <summary>Group normalisation (arXiv:1803.08494), optionally followed by SiLU.</summary>
    /// <param name="x">[N, H, W, C].</param>
    /// <param name="weight">[C].</param>
    /// <param name="bias">[C].</param>
    /// <param name="groups">Divides C.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="silu">Whether SiLU follows.</param>
    public PlanTensor GroupNorm(PlanTensor x, Parameter weight, Parameter bias, int groups, float epsilon, bool silu = false)
    {
        Require(
            x.Shape.Rank == 4 && weight.Shape.Count == x.Channels
            && bias.Shape.Count == x.Channels, $"group norm {weight.Name} {weight.Shape} does not fit {x.Shape}");
        Require(groups > 0 && x.Channels % groups == 0, $"{x.Channels} channels of {weight.Name} cannot be shared by {groups} groups");
        return Record(new GroupNormOperation(x, null, weight, bias, New(x.Shape), groups, epsilon, silu));
    }

    /// <summary>An activation; GEGLU halves the channels.</summary>
    /// <param name="x">[..., C].</param>
    /// <param name="activation">The function.</param>
    public PlanTensor Activate(PlanTensor x, Activation activation)
    {
        bool gated = activation == Activation.GeGlu;
        Require(!gated || x.Channels % 2 == 0, $"GEGLU of {x.Channels} channels has no halves");
        return Record(new ActivateOperation(x, activation, New(gated ? WithChannels(x.Shape, x.Channels / 2) : x.Shape)));
    }

    /// <summary>a + b; b may be one row per sample: [N, C].</summary>
    /// <param name="a">[N, H, W, C] or [N, S, C].</param>
    /// <param name="b">The shape of a, or [N, C].</param>
    public PlanTensor Add(PlanTensor a, PlanTensor b)
    {
        bool row = b.Shape.Rank == 2 && a.Shape.Rank > 2 && b.Shape[0] == a.Shape[0] && b.Channels == a.Channels;
        Require(a.Shape == b.Shape || row, $"cannot add {b.Shape} to {a.Shape}");
        return Record(new AddOperation(a, b, New(a.Shape)));
    }

    /// <summary>Channels of a, then channels of b.</summary>
    /// <param name="a">[N, H, W, C].</param>
    /// <param name="b">[N, H, W, C2].</param>
    /// <returns>[N, H, W, C + C2].</returns>
    public PlanTensor ConcatChannels(PlanTensor a, PlanTensor b)
    {
        Require(WithChannels(a.Shape, 1) == WithChannels(b.Shape, 1), $"cannot join channels of {a.Shape} and {b.Shape}");
        return Record(new ConcatChannelsOperation(a, b, New(WithChannels(a.Shape, a.Channels + b.Channels))));
    }

    /// <summary>Nearest neighbour to a size (source row = floor(row · H / H')).</summary>
    /// <param name="x">[N, H, W, C].</param>
    /// <param name="height">H'.</param>
    /// <param name="width">W'.</param>
    public PlanTensor UpsampleNearest(PlanTensor x, int height, int width)
    {
        Require(x.Shape.Rank == 4 && height > 0 && width > 0, $"cannot take {x.Shape} to {height}x{width}");
        return Record(new UpsampleNearestOperation(x, New(new TensorShape(x.Shape[0], height, width, x.Channels))));
    }

    /// <summary>Reshape with the same channels; no computation, no memory.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="shape">As many rows of as many channels.</param>
    public static PlanTensor Reshape(PlanTensor x, TensorShape shape)
    {
        Require(shape.Count == x.Shape.Count && shape[-1] == x.Channels, $"cannot read {x.Shape} as {shape}");
        return new PlanTensor(shape, x, 0);
    }

    /// <summary>The graph as recorded so far. The builder remains usable afterwards.</summary>
    public Graph Build() => new([.. _inputs], [.. _operations], [.. _outputs]);

    internal bool IsTapped(string name) => _taps.Contains(_scope.Length == 0 ? name : $"{_scope}.{name}");

    internal void Tap(PlanTensor output)
    {
        if (_taps.Contains(_scope)) Output(_scope, output);
    }

    internal void EndScope(string outer) => _scope = outer;

    private static TensorShape ChannelsLast(TensorShape shape) =>
        shape.Rank == 4 ? new TensorShape(shape[0], shape[2], shape[3], shape[1]) : shape;

    private static TensorShape ChannelsFirst(TensorShape shape) =>
        shape.Rank == 4 ? new TensorShape(shape[0], shape[3], shape[1], shape[2]) : shape;

    private static TensorShape WithChannels(TensorShape shape, int channels)
    {
        Span<int> dimensions = stackalloc int[shape.Rank];
        shape.Dimensions.CopyTo(dimensions);
        dimensions[^1] = channels;
        return new TensorShape(dimensions);
    }

    private static PlanTensor New(TensorShape shape) => new(shape);

    private static void Require(bool condition, string problem)
    {
        if (!condition) throw new ArgumentException($"The graph does not fit: {problem}.");
    }

    private PlanTensor Product(PlanTensor x, Parameter weight, Parameter? bias, ConvolutionWindow window, TensorShape shape)
    {
        Require(bias is null || bias.Shape.Count == weight.Shape[0], $"bias {bias?.Name} {bias?.Shape} does not fit {weight.Name} {weight.Shape}");
        var segment = new MatrixSegment(x, [new WeightRows(weight, 0, weight.Shape[1])], window);
        return Record(new GemmOperation([segment], [bias is null ? [] : [bias]], weight.Shape[0], New(shape)));
    }

    private T Declare<T>(T input)
        where T : PlanInput
    {
        Require(input.Shape.Count > 0 && input.Shape.Rank > 0, $"input '{input.Name}' of shape {input.Shape} is empty");
        _inputs.Add(input);
        _values.Add(input.Value);
        return input;
    }

    private string Unique(string name) =>
        _names.Add(name) ? name : throw new ArgumentException($"The graph has two inputs or outputs named '{name}'.", nameof(name));

    private PlanTensor Record(Operation operation)
    {
        foreach (PlanTensor input in operation.Inputs)
        {
            Require(_values.Contains(input.Root), $"{operation.Name} reads a value {input.Shape} of another builder");
            Require(
                input.Role != ValueRole.Tokens || operation is TokenEmbeddingOperation,
                $"{operation.Name} cannot read token ids {input.Shape}; only a token embedding can");
        }

        _values.UnionWith(operation.Outputs);
        _operations.Add(operation with { Scope = _scope });
        return operation.Output;
    }
}
