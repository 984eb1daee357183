namespace NativeDiffusion.Weights.Pickle;

/// <summary>The meanings of supported globals.</summary>
internal enum PickleMeaning
{
    /// <summary>A dictionary.</summary>
    Dictionary,

    /// <summary>A set, read as a list.</summary>
    Set,

    /// <summary>Builds a tensor from a storage: storage, offset, size, stride, …</summary>
    RebuildTensor,

    /// <summary>The same for element types without a storage class of their own: …, dtype.</summary>
    RebuildTensorOfType,

    /// <summary>A parameter, which is read as its tensor.</summary>
    RebuildParameter,

    /// <summary>A tensor of a subclass: function, type, arguments, state.</summary>
    RebuildFromType,

    /// <summary>The class of a storage.</summary>
    Storage,

    /// <summary>An element type.</summary>
    ElementType,

    /// <summary>A tensor's size, read as a tuple.</summary>
    Size,

    /// <summary>A class whose instances are kept as plain state, or not at all; nothing of it is executed.</summary>
    Inert,
}
