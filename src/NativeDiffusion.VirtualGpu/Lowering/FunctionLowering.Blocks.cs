using NativeDiffusion.VirtualGpu.Analysis;
using NativeDiffusion.VirtualGpu.Execution;
using NativeDiffusion.VirtualGpu.Execution.Operations;
using NativeDiffusion.VirtualGpu.Ptx;

namespace NativeDiffusion.VirtualGpu.Lowering;

/// <summary>Blocks: operations with their guards and uninitialized-register checks, and terminators.</summary>
internal sealed partial class FunctionLowering
{
    private CodeBlock Block(BasicBlock block)
    {
        _operations.Clear();
        var mix = new InstructionMix();
        SynchronizationPoint? point = null;
        for (int i = block.First; i < block.End; i++)
        {
            PtxInstruction instruction = _function.Instructions[i];
            InstructionEntry entry = InstructionTable.Find(instruction);
            mix.Add(entry.Class(instruction), MatrixShape.Flops(instruction));
            bool isFirst = i == block.First && block.IsRendezvous;
            CheckDoubtful(instruction, isFirst);
            if (isFirst) point = Synchronization.Point(instruction, this);
            int start = _operations.Count;
            entry.Lower(instruction, this);
            for (int k = start; k < _operations.Count; k++)
            {
                _operations[k].Source = instruction;
                // A synchronising instruction has its guard in front of the block.
                if (instruction.Guard is not null && !isFirst)
                    _operations[k] = new GuardedOperation(_operations[k], Place(instruction.Guard), instruction.IsGuardNegated) { Source = instruction };
            }
            NoteWritten(instruction, isFirst);
        }
        if (block.TerminatorInstruction is { } last && !Opcodes.IsRendezvous(last))
        {
            mix.Add(InstructionClass.Control, 0);
            CheckDoubtful(last, false);
        }
        else if (block.TerminatorInstruction is { Guard: not null } next) CheckDoubtful(next, next.Guard);
        return new CodeBlock
        {
            Index = block.Index,
            Operations = [.. _operations],
            Synchronization = point,
            Terminator = block.Terminator,
            Selector = Selector(block),
            IsPredicateNegated = block.IsPredicateNegated,
            Target = block.Target,
            Next = block.Next,
            Targets = block.Targets,
            Call = block.Terminator == TerminatorKind.Call ? CallLowering.Plan(block.TerminatorInstruction!, this) : null,
            Mix = mix,
            Last = block.TerminatorInstruction ?? (block.End > block.First ? _function.Instructions[block.End - 1] : null),
            IsWayOut = IsWayOut(block),
            Behind = block.IsRendezvous ? Behind(block) : null,
        };
    }

    private int Selector(BasicBlock block) => block.Terminator switch
    {
        TerminatorKind.Branch => Place(block.Predicate!),
        TerminatorKind.Table => Source(block.TerminatorInstruction!, 0, PtxType.U32),
        _ => -1,
    };

    /// <summary>
    /// Blocks that lanes reach only by bypassing this one: forward from it, in program order. Not those of a loop around it: from there
    /// lanes may still reach it, when the others are an iteration ahead. Nor a common end that early returns lead to.
    /// </summary>
    private HashSet<int> Behind(BasicBlock block)
    {
        var behind = new HashSet<int>();
        var open = new Stack<int>(block.Successors);
        int exit = _flow.Blocks.Count - 1;
        while (open.TryPop(out int index))
        {
            if (index <= block.Index || index == exit || !behind.Add(index)) continue;
            foreach (int successor in _flow.Blocks[index].Successors)
                if (successor > index) open.Push(successor);
        }
        behind.ExceptWith(Before(block));
        behind.RemoveWhere(index => IsWayOut(_flow.Blocks[index]));
        return behind;
    }

    private bool IsWayOut(BasicBlock block)
    {
        while (block.First == block.End && block.Terminator == TerminatorKind.Jump && block.Target > block.Index) block = _flow.Blocks[block.Target];
        return block.First == block.End && block.Terminator is TerminatorKind.Exit or TerminatorKind.Return;
    }

    /// <summary>The predecessors of this block, transitively.</summary>
    private HashSet<int> Before(BasicBlock block)
    {
        var before = new HashSet<int>();
        for (int count = -1; count < before.Count;)
        {
            count = before.Count;
            foreach (BasicBlock other in _flow.Blocks)
                if (other.Successors.Any(successor => successor == block.Index || before.Contains(successor))) before.Add(other.Index);
        }
        return before;
    }

    private void CheckDoubtful(PtxInstruction instruction, bool isGuardOutside)
    {
        var registers = new List<PtxRegister>();
        Opcodes.Uses(instruction, registers);
        // A structure is passed to a function with its padding, which is uninitialized.
        if (instruction.Opcode == "st" && instruction.Has("param")) registers.RemoveAll(register => register != instruction.Guard);
        foreach (PtxRegister register in registers.Distinct())
        {
            if (!_writtenPlaces.TryGetValue(register.Index, out int place)) continue;
            LaneOperation check = new WrittenCheckOperation(place, register) { Source = instruction };
            if (instruction.Guard is { } guard && !isGuardOutside && register != guard)
                check = new GuardedOperation(check, Place(guard), instruction.IsGuardNegated) { Source = instruction };
            _operations.Add(check);
        }
    }

    private void CheckDoubtful(PtxInstruction instruction, PtxRegister guard)
    {
        if (_writtenPlaces.TryGetValue(guard.Index, out int place)) _operations.Add(new WrittenCheckOperation(place, guard) { Source = instruction });
    }

    private void NoteWritten(PtxInstruction instruction, bool isGuardOutside)
    {
        if (_writtenPlaces.Count == 0) return;
        var registers = new List<PtxRegister>();
        Opcodes.Definitions(instruction, registers);
        foreach (PtxRegister register in registers.Distinct())
        {
            if (!_writtenPlaces.TryGetValue(register.Index, out int place)) continue;
            LaneOperation note = new WrittenNoteOperation(place) { Source = instruction };
            if (instruction.Guard is { } guard && !isGuardOutside)
                note = new GuardedOperation(note, Place(guard), instruction.IsGuardNegated) { Source = instruction };
            _operations.Add(note);
        }
    }
}
