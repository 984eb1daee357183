namespace NativeDiffusion.VirtualGpu.Tests.RandomPrograms;

/// <summary>Runs a program for one thread after the other, statement by statement.</summary>
internal sealed class Interpreter
{
    private readonly uint[] _table;
    private readonly ulong[] _registers;
    private readonly uint[] _local = [.. Enumerable.Range(0, Registers.LocalWords).Select(i => (uint)i)];

    private Interpreter(ulong[] registers, uint[] table) => (_registers, _table) = (registers, table);

    /// <summary>The registers of all threads at the end.</summary>
    public static ulong[] Run(List<Statement> program, ulong[] start, uint[] table)
    {
        var result = new List<ulong>();
        foreach (ulong[] thread in start.Chunk(Registers.Total))
        {
            var interpreter = new Interpreter([.. thread], table);
            _ = interpreter.Run(program);
            result.AddRange(interpreter._registers);
        }
        return [.. result];
    }

    /// <summary>False where the thread came to its end.</summary>
    private bool Run(List<Statement> statements)
    {
        foreach (Statement statement in statements)
            if (!Run(statement)) return false;
        return true;
    }

    private bool Run(Statement statement)
    {
        switch (statement)
        {
            case Statement.Compute compute:
                if (compute.Guard is { } guard && Holds(guard) == compute.IsGuardNegated) return true;
                Place(compute.Result.Type, compute.Result.Register) = compute.Op.Evaluate([.. compute.Sources.Select(Read)]);
                return true;
            case Statement.Lookup lookup:
                Place("b32", lookup.Result) = _table[Place("b32", lookup.Index) % Registers.TableWords];
                return true;
            case Statement.Local { IsStore: true } local:
                _local[Place("b32", local.Index) % Registers.LocalWords] = (uint)Place("b32", local.Register);
                return true;
            case Statement.Local local:
                Place("b32", local.Register) = _local[Place("b32", local.Index) % Registers.LocalWords];
                return true;
            case Statement.If branch:
                return Run(Holds(branch.Predicate) != branch.IsNegated ? branch.Then : branch.Else);
            case Statement.Loop loop:
                for (ulong count = Place("b32", loop.Count) & 3; count > 0; count--)
                {
                    if (!Run(loop.Body)) return false;
                    if (loop.Break is { } stop && Holds(stop)) break;
                }
                return true;
            case Statement.Switch choice:
                return Run(choice.Cases[Place("b32", choice.Selector) & 3]);
            case Statement.Leave leave:
                return !Holds(leave.Predicate);
            default:
                throw new ArgumentException($"{statement} is not known.");
        }
    }

    private ref ulong Place(string type, int register) => ref _registers[Registers.Place(type, register)];

    private bool Holds(int predicate) => Place("pred", predicate) != 0;

    private ulong Read(Operand operand) => operand.Constant ?? Place(operand.Type, operand.Register);
}
