using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Analysis;

/// <summary>
/// Definite assignment of registers: which hold a value at every read. For these nothing is checked at run time; for the others (usually none) each
/// lane's writes are tracked.
/// </summary>
internal sealed class DefiniteAssignment
{
    public DefiniteAssignment(PtxFunction function, ControlFlow flow, PtxRegister? carry)
    {
        int count = function.Registers.Count;
        var assigned = new RegisterSet[flow.Blocks.Count];
        for (int i = 0; i < assigned.Length; i++)
        {
            assigned[i] = new RegisterSet(count);
            if (i > 0) assigned[i].Fill();
        }
        Doubtful = new RegisterSet(count);
        var state = new RegisterSet(count);
        bool isChanged = true;
        while (isChanged)
        {
            isChanged = false;
            foreach (BasicBlock block in flow.Blocks)
            {
                state.CopyFrom(assigned[block.Index]);
                Walk(function, block, carry, state, null);
                foreach (int successor in block.Successors) isChanged |= assigned[successor].IntersectWith(state);
            }
        }
        foreach (BasicBlock block in flow.Blocks)
        {
            state.CopyFrom(assigned[block.Index]);
            Walk(function, block, carry, state, Doubtful);
        }
    }

    /// <summary>Registers that some path reads before they are definitely assigned.</summary>
    public RegisterSet Doubtful { get; }

    private static void Walk(PtxFunction function, BasicBlock block, PtxRegister? carry, RegisterSet state, RegisterSet? doubtful)
    {
        var registers = new List<PtxRegister>();
        foreach (PtxInstruction instruction in Liveness.Instructions(function, block))
        {
            Opcodes.Uses(instruction, registers);
            foreach (PtxRegister register in registers)
                if (doubtful is not null && !state[register.Index]) doubtful[register.Index] = true;
            if (instruction.Guard is not null) continue;
            Opcodes.Definitions(instruction, registers);
            foreach (PtxRegister register in registers) state[register.Index] = true;
            if (carry is not null && Opcodes.WritesCarry(instruction)) state[carry.Index] = true;
        }
    }
}
