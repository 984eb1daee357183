using System.Buffers;
using NativeDiffusion.Cpu;
using NativeDiffusion.Solvers;
using NativeDiffusion.Tensors;

namespace NativeDiffusion;

/// <summary>The state of a run on the host, and the call of the CPU's step over it.</summary>
internal sealed class SolverStepBuffers
{
    private readonly Tensor _saved;
    private readonly float[][] _slots = new float[SolverTable.HistorySlots][];

    /// <summary>Copies the first x; history slots are made when a row first writes one.</summary>
    public SolverStepBuffers(Tensor x)
    {
        X = new Tensor(x.Shape, [.. x.Data]);
        X0 = new Tensor(x.Shape);
        _saved = new Tensor(x.Shape);
        Array.Fill(_slots, []);
    }

    /// <summary>The state.</summary>
    public Tensor X { get; }

    /// <summary>The latest x0.</summary>
    public Tensor X0 { get; }

    /// <summary>A tensor of the state's shape, or a message.</summary>
    public Tensor Checked(Tensor? tensor, string need)
    {
        if (tensor is null) throw new ArgumentException($"{need} A tensor of shape {X.Shape} must be given.", nameof(tensor));
        if (tensor.Shape != X.Shape) throw new ArgumentException($"{need} Its shape must be {X.Shape}, but {tensor.Shape} was given.", nameof(tensor));
        return tensor;
    }

    /// <summary>Applies a row.</summary>
    public unsafe void Step(SolverRow row, IReadOnlyList<Tensor> predictions, Guidance guidance, Tensor? noise, KnownRegion? known)
    {
        if (predictions.Count != guidance.Weights.Length)
            throw new ArgumentException(
                $"The guidance has {guidance.Weights.Length} weights, but {predictions.Count} predictions were given.", nameof(predictions));
        if (row.StoreSlot >= 0 && _slots[row.StoreSlot].Length == 0) _slots[row.StoreSlot] = new float[X.Data.Length];
        var pins = new List<MemoryHandle>();
        try
        {
            var state = new SolverStepState
            {
                X = Pin(X.Data),
                Saved = Pin(_saved.Data),
                Slot0 = Pin(_slots[0]),
                Slot1 = Pin(_slots[1]),
                Slot2 = Pin(_slots[2]),
                Slot3 = Pin(_slots[3]),
                X0 = Pin(X0.Data),
                Noise = Pin(noise?.Data),
                Mask = known is null ? null : Pin(Checked(known.Mask, "A mask is needed.").Data),
                Known = known is null ? null : Pin(Checked(known.Picture, "A picture is needed.").Data),
            };
            float** list = stackalloc float*[predictions.Count];
            for (int i = 0; i < predictions.Count; i++) list[i] = Pin(Checked(predictions[i], "A prediction is needed for every condition.").Data);
            int pictures = X.Shape[0];
            double* factors = null;
            double* room = stackalloc double[pictures];
            if (guidance.Rescale != 0)
            {
                factors = room;
                SolverStep.RescaleFactors(list, guidance.Weights, guidance.Reference, guidance.Rescale, factors, pictures, X.Data.Length / pictures);
            }

            SolverStep.Forward(Numbers(row), state, list, guidance.Weights, factors, X.Data.Length, pictures);
        }
        finally
        {
            foreach (MemoryHandle pin in pins) pin.Dispose();
        }

        float* Pin(float[]? data)
        {
            if (data is null || data.Length == 0) return null;
            MemoryHandle handle = data.AsMemory().Pin();
            pins.Add(handle);
            return (float*)handle.Pointer;
        }
    }

    private static SolverStepRow Numbers(SolverRow row) => new()
    {
        X0FromX = row.Prediction.X0FromX,
        X0FromModel = row.Prediction.X0FromModel,
        EpsFromX = row.Prediction.EpsFromX,
        EpsFromModel = row.Prediction.EpsFromModel,
        SignalLevel = row.SignalLevel,
        NoiseLevel = row.NoiseLevel,
        Next = Numbers(row.Next),
        Save = Numbers(row.Save),
        StoreSlot = row.StoreSlot,
        StoreX0 = row.StoreX0,
        StoreEps = row.StoreEps,
    };

    private static SolverStepTerms Numbers(SolverCombination terms) => new()
    {
        X = terms.X,
        Saved = terms.Saved,
        X0 = terms.X0,
        Eps = terms.Eps,
        Slot0 = terms.Slot0,
        Slot1 = terms.Slot1,
        Slot2 = terms.Slot2,
        Slot3 = terms.Slot3,
        Noise = terms.Noise,
    };
}
