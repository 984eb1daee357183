using NativeDiffusion.Devices;
using NativeDiffusion.Solvers;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Cpu.Device;

/// <summary>
/// A sampling run with its state in host memory: a loop over the table's rows. Rows of the network's batch (one picture with one condition each) are
/// grouped into batches of equal numbers of text tokens, up to the device's batch size.
/// </summary>
internal sealed class CpuSamplingRun : ISamplingRun
{
    private readonly CpuDevice _device;
    private readonly SamplingRequest _request;
    private readonly SolverRun[] _runs;
    private readonly float[] _noise;
    private readonly float[][] _inputs;
    private float[][] _predictions = [];

    // Set while a row is at work: what it drew and did is not undone.
    private bool _isOver;

    public CpuSamplingRun(CpuDevice device, SamplingRequest request)
    {
        _device = device;
        _request = request;
        _runs = [.. request.Pictures.Select(picture => new SolverRun(request.Table, picture.Start))];
        int size = _runs[0].X.Data.Length;
        _noise = new float[size];
        _inputs = [.. request.Pictures.Select(picture =>
        {
            // The channels after the sample's never change.
            float[] input = new float[size + (picture.Inpainting?.ExtraChannels?.Length ?? 0)];
            picture.Inpainting?.ExtraChannels?.CopyTo(input, size);
            return input;
        })];
    }

    /// <inheritdoc/>
    public int RowIndex => _runs[0].RowIndex;

    /// <inheritdoc/>
    public SolverRow Advance(CancellationToken cancellationToken)
    {
        if (_isOver) throw new InvalidOperationException("The run is over: it was cancelled or failed. Begin another.");
        SolverRow row = _runs[0].Row;
        _isOver = true;
        ConditionRange[] conditions = [.. _request.Pictures.Select(picture => picture.ConditionAt(RowIndex))];
        for (int i = 0; i < _runs.Length; i++)
        {
            bool draws = row.DrawsBefore && Draw(i, row, row.NoiseBefore != 0);
            _runs[i].WriteModelInput(draws ? _noise : [], _inputs[i].AsSpan(0, _noise.Length));
        }

        Predict(row, conditions, cancellationToken);
        for (int i = 0; i < _runs.Length; i++) Step(i, row, conditions[i]);
        _isOver = false;
        return row;
    }

    /// <inheritdoc/>
    public Tensor X(int picture) => Copy(_runs[picture].X);

    /// <inheritdoc/>
    public Tensor X0(int picture) => Copy(_runs[picture].X0);

    /// <summary>Nothing to release: the device owns the plans, the state is managed memory.</summary>
    public void Dispose()
    {
    }

    private static Tensor Copy(Tensor tensor) => new(tensor.Shape, [.. tensor.Data]);

    private void Predict(SolverRow row, ConditionRange[] conditions, CancellationToken cancellationToken)
    {
        TensorShape shape = _runs[0].X.Shape;
        int size = _noise.Length;
        if (_predictions.Length != conditions.Length) _predictions = new float[conditions.Length][];
        var batch = new List<BatchRow>();
        for (int i = 0; i < conditions.Length; i++)
        {
            if ((_predictions[i]?.Length ?? -1) != conditions[i].States.Length * size) _predictions[i] = new float[conditions[i].States.Length * size];
            for (int k = 0; k < conditions[i].States.Length; k++) batch.Add(new BatchRow(i, k, conditions[i].States[k]));
        }

        foreach (IGrouping<int, BatchRow> sameLength in batch.GroupBy(entry => entry.States.Shape[1]))
            foreach (BatchRow[] rows in sameLength.Chunk(_device.RowsPerBatch(shape[2], shape[3])))
                Predict((float)row.Timestep, rows, sameLength.Key, cancellationToken);
    }

    private void Predict(float timestep, BatchRow[] rows, int tokens, CancellationToken cancellationToken)
    {
        TensorShape shape = _runs[0].X.Shape;
        var key = new PlanKey(_request.Owner, "unet", (rows.Length, shape[2], shape[3], tokens));
        using PlanLease<CpuNetwork> lease = _device.Plans.Lease(
            key, () => new CpuNetwork(_request.Network(rows.Length, tokens)), made => made.Graph.Graph, cancellationToken);
        (CpuNetwork network, ICompiledPlan plan) = (lease.Described, lease.Plan);
        DeviceInput<float> sample = plan.Input(network.Graph.Sample);
        for (int i = 0; i < rows.Length; i++) sample.CopyFrom(_inputs[rows[i].Picture], i);
        plan.Input(network.Graph.Timestep).CopyFrom(Enumerable.Repeat(timestep, rows.Length).ToArray());
        // Keys and values of the same texts are still valid: setting them again would recompute them.
        Tensor[] states = [.. rows.Select(row => row.States)];
        if (!network.States.AsSpan().SequenceEqual(states))
        {
            // A copy that fails halfway leaves undefined states: they are set again by the next run.
            network.States = [];
            DeviceInput<float> context = plan.Input(network.Graph.Context);
            for (int i = 0; i < rows.Length; i++) context.CopyFrom(states[i].Data, i);
            network.States = states;
        }

        plan.Run(cancellationToken: cancellationToken);
        DeviceOutput prediction = plan.Output(network.Graph.Prediction);
        int size = _noise.Length;
        for (int i = 0; i < rows.Length; i++) prediction.CopyTo(_predictions[rows[i].Picture].AsSpan(rows[i].Condition * size, size), i);
    }

    private void Step(int index, SolverRow row, ConditionRange condition)
    {
        SolverRun run = _runs[index];
        Inpainting? inpainting = _request.Pictures[index].Inpainting is { ExtraChannels: null } known ? known : null;
        bool draws = row.DrawsAfter && Draw(index, row, row.Next.Noise != 0 || row.Save.Noise != 0);
        run.StepPicture(_predictions[index], condition.Guidance, draws ? _noise : [], inpainting is { BlendsX0: true } ? inpainting.Known : null);
        // diffusers does so after every evaluation, those inside a step of second order included.
        if (inpainting is { BlendsX0: false }) run.KeepKnown(inpainting.Known, inpainting.Noise);
        float sum = 0;
        foreach (float value in run.X.Data) sum += value * 0;
        if (float.IsNaN(sum))
            throw new ArithmeticException(
                $"Step {row.Step + 1} produced numbers that are not finite: the model's weights may contain NaN (`ndiff inspect` checks), or a weight in "
                    + "the prompt is far too large.");
    }

    private bool Draw(int picture, SolverRow row, bool isUsed)
    {
        _request.Pictures[picture].Noise.Draw(row.NoiseFrom, row.NoiseTo, isUsed, _noise);
        return isUsed;
    }

    private readonly record struct BatchRow(int Picture, int Condition, Tensor States);

    /// <summary>The network's graph with the text states that its plan currently holds.</summary>
    private sealed class CpuNetwork(NetworkGraph graph)
    {
        public NetworkGraph Graph { get; } = graph;

        public Tensor[] States { get; set; } = [];
    }
}
