using NativeDiffusion.Tensors;

namespace NativeDiffusion.Plans;

/// <summary>An input of a graph: the handle for setting its values in a compiled plan.</summary>
public abstract class PlanInput
{
    private protected PlanInput(string name, TensorShape shape, PlanTensor value, bool isStable)
    {
        Name = name;
        Shape = shape;
        Value = value;
        IsStable = isStable;
    }

    /// <summary>Its name, unique in the graph.</summary>
    public string Name { get; }

    /// <summary>The host's shape: pictures [N, C, H, W], everything else unchanged.</summary>
    public TensorShape Shape { get; }

    /// <summary>The value that operations read: pictures [N, H, W, C].</summary>
    public PlanTensor Value { get; }

    /// <summary>Whether it changes rarely: values that depend on stable inputs alone are computed once and cached.</summary>
    public bool IsStable { get; }
}

/// <summary>An input of one element type.</summary>
/// <typeparam name="T">float, or int for token ids.</typeparam>
public sealed class PlanInput<T> : PlanInput
    where T : unmanaged
{
    internal PlanInput(string name, TensorShape shape, PlanTensor value, bool isStable)
        : base(name, shape, value, isStable)
    {
    }
}

/// <summary>An output of a graph: the handle by which a compiled plan's result is read.</summary>
public sealed class PlanOutput
{
    internal PlanOutput(string name, TensorShape shape)
    {
        Name = name;
        Shape = shape;
    }

    /// <summary>Its name, unique in the graph.</summary>
    public string Name { get; }

    /// <summary>The host's shape: pictures [N, C, H, W], everything else unchanged.</summary>
    public TensorShape Shape { get; }
}
