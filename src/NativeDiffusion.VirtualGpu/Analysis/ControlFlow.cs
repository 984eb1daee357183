using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Analysis;

/// <summary>The basic blocks of a function in program order; the last one is empty and ends the thread or the call.</summary>
internal sealed class ControlFlow
{
    private readonly PtxFunction _function;
    private readonly int[] _blockOf;

    public ControlFlow(PtxFunction function)
    {
        _function = function;
        _blockOf = new int[function.Instructions.Count + 1];
        var blocks = new List<BasicBlock>();
        bool[] leaders = Leaders();
        for (int i = 0; i < function.Instructions.Count; i++)
        {
            if (leaders[i]) blocks.Add(new BasicBlock(blocks.Count, i));
            _blockOf[i] = blocks.Count - 1;
            // Every path to the instruction passes its guard first.
            if (Opcodes.HasGuardAsBranch(function.Instructions[i])) blocks.Add(new BasicBlock(blocks.Count, i));
        }
        _blockOf[^1] = blocks.Count;
        blocks.Add(new BasicBlock(blocks.Count, function.Instructions.Count) { End = function.Instructions.Count, Terminator = End });
        Blocks = blocks;
        for (int i = 0; i + 1 < blocks.Count; i++)
        {
            if (blocks[i].First == blocks[i + 1].First) Guard(blocks[i]);
            else Terminate(blocks[i], blocks[i + 1].First);
        }
    }

    public IReadOnlyList<BasicBlock> Blocks { get; }

    private TerminatorKind End => _function.IsEntry ? TerminatorKind.Exit : TerminatorKind.Return;

    private bool[] Leaders()
    {
        List<PtxInstruction> instructions = _function.Instructions;
        var leaders = new bool[instructions.Count + 1];
        leaders[0] = true;
        for (int i = 0; i < instructions.Count; i++)
        {
            PtxInstruction instruction = instructions[i];
            if (Opcodes.IsRendezvous(instruction)) leaders[i] = true;
            if (Opcodes.IsControl(instruction)) leaders[i + 1] = true;
            // Lanes that call other functions reach the call again, and nothing in front of it.
            if (Opcodes.IsIndirectCall(instruction)) leaders[i] = true;
            if (Opcodes.HasGuardAsBranch(instruction)) leaders[i] = leaders[i + 1] = true;
            if (instruction.Opcode == "bra") leaders[Find(instruction, instruction.Operands[0])] = true;
            if (instruction.Opcode == "brx")
                foreach (int target in Table(instruction)) leaders[target] = true;
        }
        return leaders;
    }

    private static int Find(PtxInstruction instruction, PtxOperand operand)
    {
        if (operand is not PtxOperand.Symbol symbol) throw instruction.Refuse("expected a label.");
        return symbol.Scope.FindLabel(symbol.Name)?.Instruction ?? throw instruction.Refuse($"label '{symbol.Name}' is not defined.");
    }

    private static IEnumerable<int> Table(PtxInstruction instruction)
    {
        if (instruction.Operands is not [_, PtxOperand.Symbol table] || table.Scope.FindTable(table.Name) is not { } names)
            throw instruction.Refuse("expected an index and a list of labels declared by .branchtargets.");
        return names.Select(name => Find(instruction, new PtxOperand.Symbol(name, 0, table.Scope)));
    }

    private void Terminate(BasicBlock block, int nextFirst)
    {
        PtxInstruction last = _function.Instructions[nextFirst - 1];
        block.End = nextFirst;
        block.Next = block.Index + 1;
        block.IsRendezvous = Opcodes.IsRendezvous(_function.Instructions[block.First]);
        if (!Opcodes.IsControl(last)) return;
        block.End--;
        block.TerminatorInstruction = last;
        Control(block, last);
    }

    /// <summary>An empty block in front of an instruction: lanes whose guard is false bypass it.</summary>
    private void Guard(BasicBlock block)
    {
        PtxInstruction guarded = _function.Instructions[block.First];
        block.End = block.First;
        block.Next = block.Index + 1;
        block.Terminator = TerminatorKind.Branch;
        block.TerminatorInstruction = guarded;
        block.Predicate = guarded.Guard;
        block.IsPredicateNegated = !guarded.IsGuardNegated;
        block.Target = _blockOf[block.First + 1];
    }

    private void Control(BasicBlock block, PtxInstruction last)
    {
        int end = _blockOf[^1];
        switch (last.Opcode)
        {
            case "bra":
                block.Target = _blockOf[Find(last, last.Operands[0])];
                block.Terminator = last.Guard is null ? TerminatorKind.Jump : TerminatorKind.Branch;
                break;
            case "brx":
                block.Targets = [.. Table(last).Select(target => _blockOf[target])];
                block.Terminator = TerminatorKind.Table;
                break;
            case "call":
                block.Terminator = TerminatorKind.Call;
                break;
            case "exit" when !_function.IsEntry && last.Guard is not null:
                throw last.Refuse("a guarded exit inside a function is not supported.");
            default:
                block.Target = end;
                block.Terminator = last.Guard is not null ? TerminatorKind.Branch : last.Opcode == "exit" ? TerminatorKind.Exit : End;
                break;
        }
        if (block.Terminator == TerminatorKind.Branch)
        {
            block.Predicate = last.Guard;
            block.IsPredicateNegated = last.IsGuardNegated;
        }
    }
}
