using System.Buffers.Binary;
using System.Globalization;
using NativeDiffusion.VirtualGpu.Execution;

namespace NativeDiffusion.VirtualGpu.Cubin;

/// <summary>Splits machine code into instructions and finds each one's name and target.</summary>
internal static class SassDecoder
{
    // Bit 86 distinguishes the form of WARPSYNC that names an address (.COLLECTIVE) from those that do not.
    private const ulong Collective = 1UL << (86 - 64);

    /// <summary>The instructions of a code section.</summary>
    /// <exception cref="CubinException">The section is not a whole number of instructions.</exception>
    public static SassInstruction[] Decode(ReadOnlySpan<byte> code, int architecture, string name, string kernel)
    {
        if (code.Length % SassInstruction.Bytes != 0)
            throw new CubinException(
                name,
                $"the code of '{kernel}' has {code.Length} bytes, which is no multiple of an instruction's {SassInstruction.Bytes}: the file is damaged.");
        var instructions = new SassInstruction[code.Length / SassInstruction.Bytes];
        for (int i = 0; i < instructions.Length; i++)
        {
            int at = i * SassInstruction.Bytes;
            ulong low = BinaryPrimitives.ReadUInt64LittleEndian(code[at..]), high = BinaryPrimitives.ReadUInt64LittleEndian(code[(at + 8)..]);
            SassOpcode? line = SassOpcodes.Find((int)(low & 0xfff), architecture);
            string mnemonic = line?.Mnemonic ?? string.Create(CultureInfo.InvariantCulture, $"OP_{low & 0x1ff:X3}");
            instructions[i] = new SassInstruction(
                at, low, high, mnemonic, line?.Class ?? InstructionClass.Other, Target(mnemonic, at, low, high, architecture));
        }
        return instructions;
    }

    private static int? Target(string mnemonic, int at, ulong low, ulong high, int architecture)
    {
        bool named = mnemonic switch
        {
            "BRA" or "BSSY" => true,
            "CALL" => (low & 0xfff) == 0x944, // relative, and by no register
            "WARPSYNC" => (high & Collective) != 0,
            _ => false,
        };
        if (!named) return null;
        // A signed count of 4-byte words after the next instruction, in bits 34 to 81. From sm_90 on, all but BSSY put 8 more bits below it in bits 16 to 23.
        long words = (long)(((low >> 34) | (high << 30)) << 16) >> 16;
        if (architecture >= 90 && mnemonic != "BSSY") words = (words << 8) | (long)((low >> 16) & 0xff);
        return (int)(at + SassInstruction.Bytes + (words * 4));
    }
}
