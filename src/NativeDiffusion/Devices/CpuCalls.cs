using NativeDiffusion.Cpu;
using NativeDiffusion.Plans;
using NativeDiffusion.Plans.Operations;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Devices;

/// <summary>Turns each operation of a plan into a call of the processor's operation of the same name, all pointers and sizes fixed.</summary>
internal sealed unsafe class CpuCalls(
    Plan plan, CpuWorkers workers, CpuWeights weights, NativeBuffer arena, Func<string, float[]> input, Func<string, float[]> output)
{
    /// <summary>Prepares one call; weights are laid out here.</summary>
    public Action Prepare(Operation operation) => operation switch
    {
        UploadOperation upload => Upload(upload),
        DownloadOperation download => Download(download),
        TokenEmbeddingOperation embedding => Embedding(embedding),
        TimestepEmbeddingOperation embedding => Sinusoids(embedding),
        MatrixOperation product => Product(product),
        AttentionOperation attention => Attend(attention),
        LayerNormOperation norm => Norm(norm),
        GroupNormOperation norm => Norm(norm),
        GroupStatisticsOperation statistics => Statistics(statistics),
        ActivationOperation activation => Activate(activation),
        AddOperation add => Sum(add),
        ScaleOperation scale => Multiply(scale),
        ConcatOperation concat => Join(concat),
        _ => throw new ArgumentException($"The cpu device does not know {operation.GetType().Name}.", nameof(operation)),
    };

    private float* At(PlanTensor tensor) => arena.Pointer + plan.Offsets[tensor.Root] + tensor.ChannelOffset;

    private Action Upload(UploadOperation operation)
    {
        float[] values = input(operation.Name);
        TensorShape shape = operation.Output.Shape;
        float* y = At(operation.Output);
        if (shape.Rank != 4) return () => values.CopyTo(new Span<float>(y, values.Length));
        return () =>
        {
            fixed (float* x = values) Transpose.ToChannelsLast(workers, x, y, shape[0], shape[3], shape[1] * shape[2]);
        };
    }

    private Action Download(DownloadOperation operation)
    {
        float[] values = output(operation.Name);
        TensorShape shape = operation.Source.Shape;
        float* x = At(operation.Source);
        if (shape.Rank != 4) return () => new Span<float>(x, values.Length).CopyTo(values);
        return () =>
        {
            fixed (float* y = values) Transpose.ToChannelsFirst(workers, x, y, shape[0], shape[3], shape[1] * shape[2]);
        };
    }

    private Action Embedding(TokenEmbeddingOperation operation)
    {
        TensorShape shape = operation.Output.Shape;
        float* table = weights.Plain(operation.Table).Pointer, positions = weights.Plain(operation.Positions).Pointer, y = At(operation.Output);
        float* extra = operation.Extra is null ? null : At(operation.Extra);
        int extraRows = operation.Extra?.Rows ?? 0, vocabulary = operation.Table.Shape[0];
        int* tokens = (int*)At(operation.Tokens);
        return () =>
        {
            // The one place where numbers become addresses.
            foreach (int token in new ReadOnlySpan<int>(tokens, shape[0] * shape[1]))
                if (token < 0 || token >= vocabulary + extraRows)
                    throw new ArgumentException($"Token {token} is not in the vocabulary of {vocabulary} tokens and {extraRows} extra embeddings.");
            TokenEmbedding.Forward(workers, tokens, table, extra, positions, y, shape[0], shape[1], shape[2], vocabulary);
        };
    }

    private Action Sinusoids(TimestepEmbeddingOperation operation)
    {
        float* x = At(operation.Timestep), y = At(operation.Output);
        int batch = operation.Output.Rows, channels = operation.Output.Channels;
        return () => TimestepEmbedding.Forward(workers, x, y, batch, channels, operation.FlipSinToCos, (float)operation.FrequencyShift);
    }

    private Action Product(MatrixOperation operation)
    {
        GemmSegment[] segments = [.. operation.Segments.Select(segment => Segment(segment, operation))];
        NativeBuffer? bias = weights.Biases(operation);
        PlanTensor y = operation.Output;
        var epilogue = new GemmEpilogue
        {
            Bias = bias is null ? null : bias.Pointer,
            ImageBias = operation.ImageBias is null ? null : At(operation.ImageBias),
            ImageBiasStride = operation.ImageBias?.RowStride ?? 0,
            Residual = operation.Residual is null ? null : At(operation.Residual),
            ResidualStride = operation.Residual?.RowStride ?? 0,
            Activation = (Cpu.Activation)operation.Activation,
        };
        float* result = At(y);
        int stride = y.RowStride, outputs = operation.Outputs;
        TensorShape shape = y.Shape;
        if (shape.Rank == 4) return () => Conv2d.Forward(workers, segments, epilogue, result, stride, shape[0], shape[1], shape[2], outputs);
        int rows = y.Rows;
        return () => Linear.Forward(workers, segments, epilogue, result, stride, rows, outputs);
    }

    private GemmSegment Segment(MatrixSegment segment, MatrixOperation operation)
    {
        ConvolutionWindow window = segment.Window;
        PlanTensor x = segment.Source;
        PackedMatrix packed = weights.Matrix(segment, operation.Outputs, operation.Activation == Plans.Operations.Activation.GeGlu);
        // A 1x1 window of stride 1 sees rows; as a picture it has the output's size.
        bool isPicture = x.Shape.Rank == 4 && operation.Output.Shape.Rank == 4;
        TensorShape y = operation.Output.Shape;
        bool isRows = window is { Kernel: 1, Stride: 1 };
        int height = isPicture ? x.Shape[1] : isRows && y.Rank == 4 ? y[1] : 1;
        int width = isPicture ? x.Shape[2] : isRows && y.Rank == 4 ? y[2] : x.Rows;
        return new GemmSegment
        {
            X = At(x),
            Channels = x.Channels,
            PixelStride = x.RowStride,
            Height = height,
            Width = width,
            VirtualHeight = isRows ? height : window.VirtualHeight,
            VirtualWidth = isRows ? width : window.VirtualWidth,
            Kernel = window.Kernel,
            Stride = window.Stride,
            PadTop = window.PadTop,
            PadLeft = window.PadTop,
            Weights = packed,
        };
    }

    private Action Attend(AttentionOperation operation)
    {
        PlanTensor q = operation.Query, k = operation.Key, v = operation.Value, y = operation.Output;
        float* query = At(q), key = At(k), value = At(v), result = At(y);
        int qStride = q.RowStride, kStride = k.RowStride, vStride = v.RowStride, yStride = y.RowStride;
        int batch = q.Shape[0], queryTokens = q.Shape[1], keyTokens = k.Shape[1], headDim = q.Channels / operation.Heads;
        float scale = (float)(1 / Math.Sqrt(headDim));
        return () => Attention.Forward(
            workers, query, qStride, key, kStride, value, vStride, result, yStride, batch, operation.Heads, queryTokens, keyTokens, headDim, scale,
                operation.Causal);
    }

    private Action Norm(LayerNormOperation operation)
    {
        float* x = At(operation.X), weight = weights.Plain(operation.Weight).Pointer, bias = weights.Plain(operation.Bias).Pointer, y = At(operation.Output);
        int rows = operation.X.Rows, channels = operation.X.Channels;
        return () => LayerNorm.Forward(workers, x, weight, bias, y, rows, channels, operation.Epsilon);
    }

    private Action Norm(GroupNormOperation operation)
    {
        float* x = At(operation.X), x2 = operation.X2 is null ? null : At(operation.X2);
        float* weight = weights.Plain(operation.Weight).Pointer, bias = weights.Plain(operation.Bias).Pointer, y = At(operation.Output);
        float* statistics = operation.Statistics is null ? null : At(operation.Statistics);
        TensorShape shape = operation.X.Shape;
        int channels2 = operation.X2?.Channels ?? 0;
        return () => GroupNorm.Forward(
            workers, x, x2, weight, bias, statistics, y, shape[0], shape[3], channels2, shape[1] * shape[2], operation.Groups, operation.Epsilon,
                operation.Silu);
    }

    private Action Statistics(GroupStatisticsOperation operation)
    {
        float* x = At(operation.X), y = At(operation.Output);
        TensorShape shape = operation.X.Shape;
        return () => GroupNorm.Statistics(workers, x, y, shape[0], shape[3], shape[1] * shape[2], operation.Groups);
    }

    private Action Activate(ActivationOperation operation)
    {
        float* x = At(operation.X), y = At(operation.Output);
        long count = operation.X.Shape.Count;
        return operation.Activation switch
        {
            Plans.Operations.Activation.Silu => () => Silu.Forward(workers, x, y, count),
            _ => throw new ArgumentException(
                $"The cpu device applies {operation.Activation} in the product before it only ({operation.Scope}).", nameof(operation)),
        };
    }

    private Action Sum(AddOperation operation)
    {
        float* a = At(operation.A), b = At(operation.B), y = At(operation.Output);
        long count = operation.A.Shape.Count;
        if (operation.IsBroadcast)
            throw new ArgumentException($"The cpu device adds one row a picture in the product before it only ({operation.Scope}).", nameof(operation));
        return () => Add.Forward(workers, a, b, y, count);
    }

    private Action Multiply(ScaleOperation operation)
    {
        float* x = At(operation.X), y = At(operation.Output);
        long count = operation.X.Shape.Count;
        return () => Scale.Forward(workers, x, y, count, operation.Factor);
    }

    private Action Join(ConcatOperation operation)
    {
        float* a = At(operation.A), b = At(operation.B), y = At(operation.Output);
        int rows = operation.A.Rows, channels = operation.A.Channels, channels2 = operation.B.Channels;
        return () => ConcatChannels.Forward(workers, a, b, y, rows, channels, channels2);
    }
}
