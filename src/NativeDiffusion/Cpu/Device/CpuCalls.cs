using NativeDiffusion.Plans;
using NativeDiffusion.Tensors;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Cpu.Device;

/// <summary>Converts each operation of a plan to a call of the CPU operation of the same name, with fixed pointers and sizes.</summary>
/// <param name="plan">The plan.</param>
/// <param name="workers">The device's threads.</param>
/// <param name="weights">The device's weights.</param>
/// <param name="owner">The owner of the plan's weights.</param>
/// <param name="arena">The device's arena.</param>
/// <param name="kept">The plan's own memory.</param>
internal sealed unsafe class CpuCalls(Plan plan, CpuWorkers workers, CpuWeights weights, object owner, NativeBuffer arena, NativeBuffer kept)
{
    /// <summary>Prepares one call.</summary>
    public Action Prepare(Operation operation) => operation switch
    {
        TokenEmbeddingOperation embedding => Embedding(embedding),
        TimestepEmbeddingOperation embedding => Sinusoids(embedding),
        GemmOperation product => Product(product),
        AttentionOperation attention => Attend(attention),
        LayerNormOperation norm => Norm(norm),
        GroupNormOperation norm => Norm(norm),
        GroupStatisticsOperation statistics => Statistics(statistics.X, statistics.Output, statistics.Groups),
        ActivateOperation activation => ActivationOf(activation),
        AddOperation add => Sum(add),
        ConcatChannelsOperation concat => Join(concat),
        UpsampleNearestOperation upsample => Upsample(upsample),
        _ => throw new ArgumentException($"The cpu device does not know {operation.GetType().Name}.", nameof(operation)),
    };

    /// <summary>The address of a value's first element.</summary>
    public float* At(PlanTensor value)
    {
        ValuePlace place = plan.PlaceOf(value);
        return (place.Region == MemoryRegion.Kept ? kept : arena).Pointer + place.Offset / sizeof(float);
    }

    private float* AtOrNull(PlanTensor? value) => value is null ? null : At(value);

    private float* Vector(Parameter parameter) => weights.Vector(CpuLayouts.Vector(parameter), owner).Pointer;

    private Action Embedding(TokenEmbeddingOperation operation)
    {
        TensorShape shape = operation.Output.Shape;
        float* table = Vector(operation.Table), positions = Vector(operation.Positions), y = At(operation.Output);
        float* extra = AtOrNull(operation.Extra);
        int extraRows = operation.Extra?.Rows ?? 0, vocabulary = operation.Table.Shape[0];
        int* tokens = (int*)At(operation.Tokens);
        return () =>
        {
            // The only place where offsets become addresses.
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

    private Action Product(GemmOperation operation)
    {
        PlanTensor y = operation.Output;
        TensorShape shape = y.Shape;
        // Tokens are one line of pixels per sample.
        (int batch, int outHeight, int outWidth) = shape.Rank == 4 ? (shape[0], shape[1], shape[2]) : (shape[0], 1, y.Rows / shape[0]);
        GemmSegment[] segments = [.. operation.Segments.Select(segment => Segment(segment, operation, outHeight, outWidth))];
        var epilogue = new GemmEpilogue
        {
            Bias = CpuLayouts.Bias(operation) is { } bias ? weights.Vector(bias, owner).Pointer : null,
            ImageBias = AtOrNull(operation.ImageBias),
            ImageBiasStride = operation.ImageBias?.RowStride ?? 0,
            Residual = AtOrNull(operation.Residual),
            ResidualStride = operation.Residual?.RowStride ?? 0,
            Activation = operation.Activation,
        };
        float* result = At(y);
        int stride = y.RowStride, width = operation.Width;
        Action product = shape.Rank == 4
            ? () => Conv2d.Forward(workers, segments, epilogue, result, stride, batch, outHeight, outWidth, width)
            : () => Linear.Forward(workers, segments, epilogue, result, stride, batch, outWidth, width);
        if (operation.Statistics is null) return product;
        Action statistics = Statistics(y, operation.Statistics, operation.Statistics.Channels / 2);
        return product + statistics;
    }

    private GemmSegment Segment(MatrixSegment segment, GemmOperation operation, int outHeight, int outWidth)
    {
        ConvolutionWindow window = segment.Window;
        PlanTensor x = segment.Source;
        // A 1x1 window of stride 1 reads rows of any shape: as a picture it has the output's size. Not after an upsampling.
        bool isUpsampled = x.Shape.Rank == 4 && (window.VirtualHeight, window.VirtualWidth) != (x.Shape[1], x.Shape[2]);
        bool isRows = window is { Kernel: 1, Stride: 1 } && !isUpsampled;
        int height = isRows ? outHeight : x.Shape[1], width = isRows ? outWidth : x.Shape[2];
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
            Weights = weights.Matrix(CpuLayouts.Matrix(operation, segment), owner),
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
        float* x = At(operation.X), weight = Vector(operation.Weight), bias = Vector(operation.Bias), y = At(operation.Output);
        int rows = operation.X.Rows, channels = operation.X.Channels;
        return () => LayerNorm.Forward(workers, x, weight, bias, y, rows, channels, operation.Epsilon);
    }

    private Action Norm(GroupNormOperation operation)
    {
        float* x = At(operation.X), x2 = AtOrNull(operation.X2);
        float* weight = Vector(operation.Weight), bias = Vector(operation.Bias), y = At(operation.Output);
        float* statistics = AtOrNull(operation.Statistics);
        TensorShape shape = operation.X.Shape;
        int channels2 = operation.X2?.Channels ?? 0;
        return () => GroupNorm.Forward(
            workers, x, x2, weight, bias, statistics, y, shape[0], shape[3], channels2, shape[1] * shape[2], operation.Groups, operation.Epsilon,
                operation.Silu);
    }

    private Action Statistics(PlanTensor input, PlanTensor output, int groups)
    {
        float* x = At(input), y = At(output);
        TensorShape shape = input.Shape;
        return () => GroupNorm.Statistics(workers, x, y, shape[0], shape[3], shape[1] * shape[2], groups);
    }

    private Action ActivationOf(ActivateOperation operation)
    {
        float* x = At(operation.X), y = At(operation.Output);
        int rows = operation.X.Rows, channels = operation.X.Channels;
        return () => Activate.Forward(workers, x, y, rows, channels, operation.Activation);
    }

    private Action Sum(AddOperation operation)
    {
        float* a = At(operation.A), b = At(operation.B), y = At(operation.Output);
        TensorShape shape = operation.A.Shape;
        long count = shape.Count;
        if (!operation.IsBroadcast) return () => Add.Forward(workers, a, b, y, count);
        int batch = shape[0], rows = operation.A.Rows / batch, channels = shape[-1], stride = operation.B.RowStride;
        return () => Add.Broadcast(workers, a, b, stride, y, batch, rows, channels);
    }

    private Action Join(ConcatChannelsOperation operation)
    {
        float* a = At(operation.A), b = At(operation.B), y = At(operation.Output);
        int rows = operation.A.Rows, channels = operation.A.Channels, channels2 = operation.B.Channels;
        return () => ConcatChannels.Forward(workers, a, b, y, rows, channels, channels2);
    }

    private Action Upsample(UpsampleNearestOperation operation)
    {
        float* x = At(operation.X), y = At(operation.Output);
        TensorShape from = operation.X.Shape, to = operation.Output.Shape;
        return () => UpsampleNearest.Forward(workers, x, y, from[0], from[1], from[2], to[1], to[2], from[3]);
    }
}
