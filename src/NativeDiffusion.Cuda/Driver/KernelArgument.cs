namespace NativeDiffusion.Cuda.Driver;

/// <summary>
/// One argument of a launch: the value's bytes and their number, created from the C# type without boxing. A structure is passed by
/// its address, which must be valid until the launch returns (the driver copies arguments then).
/// </summary>
public readonly unsafe struct KernelArgument
{
    // First, so that a pointer to an argument is a pointer to its value.
    private readonly ulong _value;
    private readonly int _size;
    private readonly bool _isAddress;

    private KernelArgument(ulong value, int size, bool isAddress = false)
    {
        _value = value;
        _size = size;
        _isAddress = isAddress;
    }

    /// <summary>Bytes of the value, as the kernel's parameter list must have them.</summary>
    public int Size => _size;

    /// <summary>A device address.</summary>
    public static implicit operator KernelArgument(DevicePointer value) => new(value.Address, sizeof(ulong));

    /// <summary>A number, by value.</summary>
    public static implicit operator KernelArgument(int value) => new((uint)value, sizeof(int));

    /// <summary>A number, by value.</summary>
    public static implicit operator KernelArgument(uint value) => new(value, sizeof(uint));

    /// <summary>A number, by value.</summary>
    public static implicit operator KernelArgument(long value) => new((ulong)value, sizeof(long));

    /// <summary>A number, by value.</summary>
    public static implicit operator KernelArgument(ulong value) => new(value, sizeof(ulong));

    /// <summary>A number, by value.</summary>
    public static implicit operator KernelArgument(float value) => new(BitConverter.SingleToUInt32Bits(value), sizeof(float));

    /// <summary>A structure, by value.</summary>
    public static KernelArgument Structure<T>(T* value)
        where T : unmanaged => new((ulong)value, sizeof(T), isAddress: true);

    /// <summary>Writes the address of each argument's value: the driver's kernelParams.</summary>
    /// <param name="arguments">Arguments at fixed addresses until the driver has read them.</param>
    /// <param name="count">Their number.</param>
    /// <param name="places">Space for as many pointers.</param>
    public static void Places(KernelArgument* arguments, int count, void** places)
    {
        for (int i = 0; i < count; i++)
            places[i] = arguments[i]._isAddress ? (void*)arguments[i]._value : arguments + i;
    }
}
