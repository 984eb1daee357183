namespace NativeDiffusion.VirtualGpu.Tests.RandomPrograms;

/// <summary>Interprets a program sequentially for each thread, statement by statement.</summary>
internal sealed class Interpreter
{
    private readonly uint[] _table;
    private readonly ulong[] _registers;
    private readonly uint[] _local = [.. Enumerable.Range(0, Registers.LocalWords).Select(i => (uint)i)];

    private readonly List<Statement>[] _functions;

    private Interpreter(ulong[] registers, uint[] table, List<Statement>[] functions) => (_registers, _table, _functions) = (registers, table, functions);

    /// <summary>The registers of all threads at the end.</summary>
    public static ulong[] Run(RandomProgram program, ulong[] start, uint[] table)
    {
        var result = new List<ulong>();
        foreach (ulong[] thread in start.Chunk(Registers.Total))
        {
            var interpreter = new Interpreter([.. thread], table, program.Functions);
            _ = interpreter.Run(program.Main);
            result.AddRange(interpreter._registers);
        }
        return [.. result];
    }

    /// <summary>False if the thread has ended.</summary>
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
            case Statement.Call call:
                ulong function = call.Selector is { } selector ? Place("b32", selector) % RandomProgram.FunctionCount : (ulong)call.Function;
                Place("b32", call.A) = (uint)(Place("b32", call.A) + 1);
                Place("b32", call.Result) = Call(_functions[function], (uint)Place("b32", call.A), (uint)Place("b32", call.B));
                return true;
            case Statement.Leave leave:
                return !Holds(leave.Predicate);
            default:
                throw new ArgumentException($"{statement} is not known.");
        }
    }

    private ulong Call(List<Statement> body, uint first, uint second)
    {
        var callee = new Interpreter(new ulong[Registers.Total], _table, _functions);
        var words = new uint[Registers.Words];
        (words[0], words[1]) = (first, second);
        for (uint i = 2; i < words.Length; i++) words[i] = (words[i - 1] * i) + words[i - 2];
        for (int i = 0; i < Registers.Words; i++) callee.Place("b32", i) = words[i];
        for (int i = 0; i < Registers.Longs; i++) callee.Place("b64", i) = words[i] | ((ulong)words[i + 1] << 32);
        for (int i = 0; i < Registers.Halves; i++) callee.Place("b16", i) = (ushort)words[i];
        for (int i = 0; i < Registers.Predicates; i++) callee.Place("pred", i) = words[i] < words[i + 1] ? 1u : 0;
        _ = callee.Run(body);
        return callee.Place("b32", 0);
    }

    private ref ulong Place(string type, int register) => ref _registers[Registers.Place(type, register)];

    private bool Holds(int predicate) => Place("pred", predicate) != 0;

    private ulong Read(Operand operand) => operand.Constant ?? Place(operand.Type, operand.Register);
}
