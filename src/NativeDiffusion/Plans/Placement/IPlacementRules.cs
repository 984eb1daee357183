using NativeDiffusion.Tensors;

namespace NativeDiffusion.Plans;

/// <summary>What a device says about memory when the values of a graph are placed.</summary>
internal interface IPlacementRules
{
    /// <summary>Bytes; every value and workspace begins at a multiple.</summary>
    int Alignment { get; }

    /// <summary>The element type of a value.</summary>
    DType TypeOf(PlanTensor value);

    /// <summary>Bytes that an operation needs beside its values while it runs; 0 for none.</summary>
    long WorkspaceBytes(Operation operation);
}
