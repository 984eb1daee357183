namespace NativeDiffusion.VirtualGpu.Cubin;

/// <summary>Kinds of entries in a cubin's .nv.info sections, as nvdisasm names them (EIATTR_...).</summary>
internal enum KernelAttribute
{
    /// <summary>The largest block that the kernel was compiled for: three numbers (__launch_bounds__, .maxntid).</summary>
    MaxThreads = 0x05,

    /// <summary>The position of the parameters in constant bank 0: symbol, offset, size.</summary>
    ParameterBank = 0x0a,

    /// <summary>The block that the kernel must be launched with: three numbers (.reqntid).</summary>
    RequiredThreads = 0x10,

    /// <summary>Bytes of stack that a function itself uses: symbol, bytes.</summary>
    FrameSize = 0x11,

    /// <summary>The minimum stack of a kernel and its callees: symbol, bytes; all ones if recursion leaves it open.</summary>
    MinimumStack = 0x12,

    /// <summary>One parameter: index, offset, size.</summary>
    Parameter = 0x17,

    /// <summary>Bytes of all parameters.</summary>
    ParameterBytes = 0x19,

    /// <summary>The register limit given to the compiler.</summary>
    MaxRegisters = 0x1b,

    /// <summary>Registers of a thread: symbol, count.</summary>
    Registers = 0x2f,

    /// <summary>Named barriers in use.</summary>
    Barriers = 0x4c,

    /// <summary>Marks on instructions: pairs of kind and offset. Kind 1 marks spills and reloads of registers.</summary>
    Annotations = 0x55,
}
