using NativeDiffusion.Tensors;

namespace NativeDiffusion.Plans;

/// <summary>A device's rules for placing the values of a graph in memory.</summary>
internal interface IPlacementRules
{
    /// <summary>Bytes; every value and workspace begins at a multiple.</summary>
    int Alignment { get; }

    /// <summary>The element type of a value.</summary>
    DType TypeOf(PlanTensor value);

    /// <summary>Bytes of workspace that an operation needs while it runs; 0 for none.</summary>
    long WorkspaceBytes(Operation operation);
}
