using NativeDiffusion.VirtualGpu.Tests.Support;

namespace NativeDiffusion.VirtualGpu.Tests.RandomPrograms;

/// <summary>Generates programs and their inputs from a seed.</summary>
internal sealed class Generator(int seed)
{
    private readonly Random _random = new(seed);
    private int _callees;

    /// <summary>Straight-line instructions.</summary>
    public List<Statement> Straight(int length) => [.. Enumerable.Range(0, length).Select(_ => Simple())];

    /// <summary>A kernel that branches and calls.</summary>
    public RandomProgram Calling()
    {
        var functions = new List<Statement>[RandomProgram.FunctionCount];
        for (int k = 0; k < functions.Length; k++)
        {
            functions[k] = Branching(5, 2);
            if (k > 0 && Coin) functions[k].Insert(_random.Next(functions[k].Count), new Statement.Call(_random.Next(k), null, Word, Word, Word));
        }
        _callees = functions.Length;
        return new RandomProgram(Branching(10, 3), functions);
    }

    /// <summary>Instructions and diverging and reconverging branches, up to a depth.</summary>
    public List<Statement> Branching(int length, int depth)
    {
        var statements = new List<Statement>();
        for (int i = 0; i < length; i++)
        {
            int kind = _random.Next(10);
            statements.Add(depth == 0 || kind < 6 ? Simple() : kind switch
            {
                6 or 7 => new Statement.If(
                    _random.Next(Registers.Predicates), Coin, Branching(_random.Next(1, 4), depth - 1), Branching(_random.Next(0, 4), depth - 1)),
                8 => new Statement.Loop(
                    _random.Next(Registers.Words), Coin ? null : _random.Next(Registers.Predicates), Branching(_random.Next(1, 4), depth - 1)),
                _ => _random.Next(5) == 0
                    ? new Statement.Leave(_random.Next(Registers.Predicates))
                    : new Statement.Switch(_random.Next(Registers.Words), [.. Enumerable.Range(0, 4).Select(_ => Branching(_random.Next(0, 3), depth - 1))]),
            });
        }
        return statements;
    }

    /// <summary>The registers of threads at the start.</summary>
    public ulong[] Start(int threads)
    {
        var values = new ulong[threads * Registers.Total];
        for (int i = 0; i < values.Length; i++)
        {
            int at = i % Registers.Total;
            values[i] = at < Registers.Halves ? Value("f16") : at < Registers.Halves + Registers.Words ? Value(Coin ? "f32" : "u32")
                : at < Registers.Halves + Registers.Words + Registers.Longs ? Value(Coin ? "f64" : "u64") : (ulong)_random.Next(2);
        }
        return values;
    }

    public uint[] Table() => [.. Enumerable.Range(0, Registers.TableWords).Select(_ => (uint)Value(Coin ? "f32" : "u32"))];

    private bool Coin => _random.Next(2) == 0;

    private int Word => _random.Next(Registers.Words);

    private Statement Simple()
    {
        switch (_random.Next(24))
        {
            case 3 or 4 when _callees > 0:
                return new Statement.Call(_random.Next(_callees), Coin ? Word : null, Word, Word, Word);
            case 0:
                return new Statement.Lookup(_random.Next(Registers.Words), _random.Next(Registers.Words));
            case 1 or 2:
                return new Statement.Local(_random.Next(Registers.Words), _random.Next(Registers.Words), Coin);
            default:
                Op[] family = Op.Families[_random.Next(Op.Families.Length)];
                Op op = family[_random.Next(family.Length)];
                int? guard = op.CanBeGuarded && _random.Next(4) == 0 ? _random.Next(Registers.Predicates) : null;
                return new Statement.Compute(op, Register(op.Result), [.. op.Sources.Select((type, k) => Source(op, type, k))], guard, Coin);
        }
    }

    private Operand Source(Op op, string type, int index)
    {
        // Halves have no constants in PTX, and the parts of a vector and a first operand that is repeated are registers.
        bool canBeConstant = type is not ("pred" or "f16" or "bf16") && (index > 0 || op.Sources.Length == 1)
            && !op.Text.Contains('{', StringComparison.Ordinal) && !op.Text.StartsWith("cvt", StringComparison.Ordinal);
        return canBeConstant && _random.Next(4) == 0 ? new Operand(type, 0, Value(type)) : Register(type);
    }

    private Operand Register(string type) => new(type, _random.Next(Registers.Count(type)), null);

    private ulong Value(string type)
    {
        int bits = Op.Bits(type);
        ulong[] interesting =
            type switch { "f16" => Interesting.Halves, "f32" => Interesting.Singles, "f64" => Interesting.Doubles, _ => Interesting.Integers(bits) };
        return _random.Next(3) == 0 ? (ulong)_random.NextInt64(long.MinValue, long.MaxValue) >> (64 - bits) : interesting[_random.Next(interesting.Length)];
    }
}
