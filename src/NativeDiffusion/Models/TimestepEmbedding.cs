using NativeDiffusion.Models.Layers;
using NativeDiffusion.Plans;
using NativeDiffusion.Tensors;
using NativeDiffusion.Weights;

namespace NativeDiffusion.Models;

/// <summary>Two linear layers over the sinusoids of the timestep, SiLU between them.</summary>
/// <param name="scope">Where <c>linear_1</c> and <c>linear_2</c> are.</param>
/// <param name="inputs">Channels of the sinusoids.</param>
/// <param name="outputs">Channels of the embedding.</param>
internal sealed class TimestepEmbedding(WeightScope scope, int inputs, int outputs)
{
    private readonly Linear _linear1 = new(scope["linear_1"], inputs, outputs);
    private readonly Linear _linear2 = new(scope["linear_2"], outputs, outputs);

    /// <summary>[N, inputs] → [N, outputs].</summary>
    public PlanTensor Forward(PlanBuilder ops, PlanTensor sinusoids)
    {
        using PlanScope part = ops.BeginScope("time_embedding");
        return part.Returns(_linear2.Forward(ops, ops.Activate(_linear1.Forward(ops, sinusoids), Activation.Silu)));
    }
}
