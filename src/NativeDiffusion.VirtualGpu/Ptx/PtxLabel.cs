namespace NativeDiffusion.VirtualGpu.Ptx;

/// <summary>A label of a function: the index of the instruction that follows it.</summary>
internal sealed class PtxLabel(string name, int instruction)
{
    public string Name => name;

    public int Instruction => instruction;
}
