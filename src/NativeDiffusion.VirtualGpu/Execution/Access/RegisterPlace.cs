namespace NativeDiffusion.VirtualGpu.Execution.Access;

/// <summary>A register operand of a memory instruction: its place (-1 for none) and its width in bits, 16 to 128.</summary>
internal readonly unsafe record struct RegisterPlace(int Place, int Bits)
{
    /// <summary>Reads an element from memory into a lane, extending it to the register's width.</summary>
    public void Write(byte* registers, int lane, byte* pointer, int bytes, bool isSigned)
    {
        if (bytes == 16)
        {
            ((ulong*)(registers + Place))[lane] = *(ulong*)pointer;
            ((ulong*)(registers + Place + 256))[lane] = *(ulong*)(pointer + 8);
            return;
        }
        ulong value = bytes switch
        {
            1 => isSigned ? (ulong)*(sbyte*)pointer : *pointer,
            2 => isSigned ? (ulong)*(short*)pointer : *(ushort*)pointer,
            4 => isSigned ? (ulong)*(int*)pointer : *(uint*)pointer,
            _ => *(ulong*)pointer,
        };
        if (Bits == 64) ((ulong*)(registers + Place))[lane] = value;
        else ((uint*)(registers + Place))[lane] = Bits == 16 ? (ushort)value : (uint)value;
    }

    /// <summary>Writes a lane's lowest bytes to memory.</summary>
    public void Read(byte* registers, int lane, byte* pointer, int bytes)
    {
        if (bytes == 16)
        {
            *(ulong*)pointer = ((ulong*)(registers + Place))[lane];
            *(ulong*)(pointer + 8) = ((ulong*)(registers + Place + 256))[lane];
            return;
        }
        ulong value = Bits == 64 ? ((ulong*)(registers + Place))[lane] : ((uint*)(registers + Place))[lane];
        switch (bytes)
        {
            case 1:
                *pointer = (byte)value;
                break;
            case 2:
                *(ushort*)pointer = (ushort)value;
                break;
            case 4:
                *(uint*)pointer = (uint)value;
                break;
            default:
                *(ulong*)pointer = value;
                break;
        }
    }
}
