using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Analysis;

/// <summary>Live registers at the ends of each block.</summary>
internal sealed class Liveness
{
    private readonly RegisterSet[] _in;
    private readonly RegisterSet[] _out;

    public Liveness(PtxFunction function, ControlFlow flow, PtxRegister? carry)
    {
        int registers = function.Registers.Count, blocks = flow.Blocks.Count;
        _in = new RegisterSet[blocks];
        _out = new RegisterSet[blocks];
        var upward = new RegisterSet[blocks];
        var killed = new RegisterSet[blocks];
        for (int i = 0; i < blocks; i++)
        {
            (_in[i], _out[i], upward[i], killed[i]) = (new(registers), new(registers), new(registers), new(registers));
            Summarize(function, flow.Blocks[i], carry, upward[i], killed[i]);
        }
        bool isChanged = true;
        while (isChanged)
        {
            isChanged = false;
            for (int i = blocks - 1; i >= 0; i--)
            {
                foreach (int successor in flow.Blocks[i].Successors) isChanged |= _out[i].UnionWith(_in[successor]);
                foreach (int register in _out[i].Members())
                {
                    if (killed[i][register] || _in[i][register]) continue;
                    _in[i][register] = true;
                    isChanged = true;
                }
                isChanged |= _in[i].UnionWith(upward[i]);
            }
        }
    }

    public RegisterSet In(int block) => _in[block];

    public RegisterSet Out(int block) => _out[block];

    private static void Summarize(PtxFunction function, BasicBlock block, PtxRegister? carry, RegisterSet upward, RegisterSet killed)
    {
        var registers = new List<PtxRegister>();
        foreach (PtxInstruction instruction in Instructions(function, block))
        {
            Opcodes.Uses(instruction, registers);
            foreach (PtxRegister register in registers)
                if (!killed[register.Index]) upward[register.Index] = true;
            if (carry is not null && Opcodes.ReadsCarry(instruction) && !killed[carry.Index]) upward[carry.Index] = true;
            // Under a guard the other lanes keep their value.
            if (instruction.Guard is not null) continue;
            Opcodes.Definitions(instruction, registers);
            foreach (PtxRegister register in registers) killed[register.Index] = true;
            if (carry is not null && Opcodes.WritesCarry(instruction)) killed[carry.Index] = true;
        }
    }

    /// <summary>The instructions of a block with its terminator, whose guard or index is read.</summary>
    public static IEnumerable<PtxInstruction> Instructions(PtxFunction function, BasicBlock block)
    {
        for (int i = block.First; i < block.End; i++) yield return function.Instructions[i];
        if (block.TerminatorInstruction is not null && !Opcodes.IsRendezvous(block.TerminatorInstruction)) yield return block.TerminatorInstruction;
        // The guard of the next block is read here.
        if (block.TerminatorInstruction is not null && Opcodes.IsRendezvous(block.TerminatorInstruction)) yield return GuardOnly(block.TerminatorInstruction);
    }

    private static PtxInstruction GuardOnly(PtxInstruction instruction) => new()
    {
        Opcode = "bra",
        Modifiers = [],
        Operands = [],
        Guard = instruction.Guard,
        Line = instruction.Line,
        Scope = instruction.Scope,
    };
}
