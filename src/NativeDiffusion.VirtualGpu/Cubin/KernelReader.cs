using NativeDiffusion.VirtualGpu.Execution;

namespace NativeDiffusion.VirtualGpu.Cubin;

/// <summary>Collects what a cubin says of each kernel in its symbols, its code section, its .nv.info and its constant and shared sections.</summary>
internal sealed class KernelReader(ElfImage elf, int architecture, bool newAbi, string name)
{
    // From compute capability 9.0 on the assembler counts the kilobyte that the system reserves per block in the kernel's shared section.
    private const int ReservedShared = 1024;
    private const uint SpillMark = 1;
    private const uint OpenStack = uint.MaxValue;

    private readonly KernelAttributes _global = new(elf.Find(".nv.info") is { } info ? elf.Bytes(info) : [], name);

    public List<CubinKernel> Read()
    {
        var kernels = new List<CubinKernel>();
        for (int i = 0; i < elf.Symbols.Count; i++)
        {
            ElfSymbol symbol = elf.Symbols[i];
            if (!symbol.IsFunction || !symbol.IsEntry || symbol.Section <= 0) continue;
            if (symbol.Section >= elf.Sections.Count)
                throw new CubinException(name, $"kernel '{symbol.Name}' lies in section {symbol.Section} of {elf.Sections.Count}: the file is damaged.");
            kernels.Add(Read(symbol, i));
        }
        kernels.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return kernels;
    }

    private CubinKernel Read(ElfSymbol symbol, int index)
    {
        ElfSection text = elf.Sections[symbol.Section];
        var own = new KernelAttributes(elf.Find($".nv.info.{symbol.Name}") is { } info ? elf.Bytes(info) : [], name);
        List<int> starts = [.. elf.Symbols.Where(other => other.IsFunction && other.Section == symbol.Section).Select(other => (int)other.Value)];
        IReadOnlyList<SassInstruction> code = SassDecoder.Decode(elf.Bytes(text), architecture, name, symbol.Name);
        uint stack = _global.OfSymbol(KernelAttribute.MinimumStack, index) ?? own.OfSymbol(KernelAttribute.MinimumStack, index) ?? 0;
        uint[] block = own.Words(KernelAttribute.MaxThreads).FirstOrDefault() ?? [];
        uint[] required = own.Words(KernelAttribute.RequiredThreads).FirstOrDefault() ?? [];
        List<CubinParameter> parameters =
            [.. own.Words(KernelAttribute.Parameter).Where(words => words.Length >= 3).Select(Parameter).OrderBy(parameter => parameter.Index)];
        return new CubinKernel
        {
            Name = symbol.Name,
            Architecture = architecture,
            Instructions = code,
            Loops = SassLoops.Find(code, starts),
            CodeBytes = (int)text.Size,
            Registers = Registers(text, index),
            SharedBytes = Shared(symbol.Name),
            LocalBytes = (int)(_global.OfSymbol(KernelAttribute.FrameSize, index) ?? 0),
            StackBytes = stack == OpenStack ? null : (int)stack,
            ConstantBytes = (int)(elf.Find($".nv.constant0.{symbol.Name}")?.Size ?? 0),
            ParameterBytes = own.Value(KernelAttribute.ParameterBytes) ?? 0,
            Parameters = parameters,
            MaxThreads = Product(block),
            RequiredThreads = Product(required),
            Barriers = own.Value(KernelAttribute.Barriers) is { } barriers ? barriers & 0xff : OldBarriers(text),
            Spills = newAbi ? Spills(own, code) : code.Any(instruction => instruction.Class == InstructionClass.Local) ? null : SpillCount.None,
        };
    }

    // The top byte of the code section's info is the register count in old cubins, and .nv.info has it in all.
    private int Registers(ElfSection text, int index)
    {
        uint? registers = _global.OfSymbol(KernelAttribute.Registers, index);
        return (int)(registers ?? (newAbi ? 0 : text.Info >> 24));
    }

    private int Shared(string kernel)
    {
        int bytes = (int)(elf.Find($".nv.shared.{kernel}")?.Size ?? 0);
        return architecture >= 90 ? Math.Max(0, bytes - ReservedShared) : bytes;
    }

    private static int OldBarriers(ElfSection text) => (int)((text.Flags >> 20) & 0x7f);

    private static int? Product(uint[] block) => block.Length == 3 ? (int)(block[0] * block[1] * block[2]) : null;

    private static CubinParameter Parameter(uint[] words) => new((int)(words[1] & 0xffff), (int)(words[1] >> 16), (int)(words[2] >> 18));

    private static SpillCount Spills(KernelAttributes own, IReadOnlyList<SassInstruction> code)
    {
        int stores = 0, loads = 0, storeBytes = 0, loadBytes = 0;
        foreach (uint[] words in own.Words(KernelAttribute.Annotations))
            for (int i = 0; i + 1 < words.Length; i += 2)
            {
                int at = (int)(words[i + 1] / SassInstruction.Bytes);
                if (words[i] != SpillMark || (uint)at >= (uint)code.Count) continue;
                SassInstruction instruction = code[at];
                if (instruction.Mnemonic == "STL") (stores, storeBytes) = (stores + 1, storeBytes + instruction.AccessBytes);
                if (instruction.Mnemonic == "LDL") (loads, loadBytes) = (loads + 1, loadBytes + instruction.AccessBytes);
            }
        return new SpillCount(stores, loads, storeBytes, loadBytes);
    }
}
