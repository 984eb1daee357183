using NativeDiffusion.Tensors;

namespace NativeDiffusion.Weights;

/// <summary>A source without numbers that takes down what a model asks for.</summary>
internal interface IWeightInventory : IWeightSource
{
    /// <summary>Called for each weight that a model needs.</summary>
    /// <param name="name">Its full name.</param>
    /// <param name="shape">Its shape.</param>
    void Need(string name, TensorShape shape);
}
