using NativeDiffusion.Plans;
using NativeDiffusion.Tensors;

namespace NativeDiffusion.Tests.Plans;

/// <summary>
/// The rules of a fictitious device: float16, 256-byte alignment, two segments per product, no gated epilogue, statistics as a second
/// output, a workspace for every product and attention.
/// </summary>
internal sealed class MadeUpDevice : IPlacementRules
{
    public static DeviceCapabilities Capabilities { get; } = new()
    {
        EpilogueActivations = [Activation.Silu, Activation.Gelu],
        EpilogueImageBias = true,
        EpilogueResidual = true,
        SegmentsPerProduct = 2,
        MixedWindows = true,
        SlicedRows = true,
        VirtualUpsampling = false,
        TwoSourceNorms = true,
        ProductStatistics = true,
    };

    public int Alignment => 256;

    public DType TypeOf(PlanTensor value) => value.Role switch
    {
        ValueRole.Tokens => DType.Int32,
        ValueRole.Float32 => DType.Float32,
        _ => DType.Float16,
    };

    public long WorkspaceBytes(Operation operation) => operation switch
    {
        GemmOperation product => 1000 + (product.Width % 7 * 300),
        AttentionOperation => 4096,
        _ => 0,
    };

    public Plan Compile(Graph graph) => Plan.Place(Lowering.Lower(graph, Capabilities), this);
}
