using NativeDiffusion.VirtualGpu.Execution;
using NativeDiffusion.VirtualGpu.Tests.Cubin;
using NativeDiffusion.VirtualGpu.Tests.Support;

namespace NativeDiffusion.VirtualGpu.Tests.RandomPrograms;

/// <summary>Random programs against a naive interpreter, thread by thread: the same bits in every mode, and no findings.</summary>
public sealed class RandomProgramTests
{
    private const int Blocks = 2, Threads = 45;

    private static readonly ExecutionOptions[] s_modes =
    [
        new() { Workers = 1, Patience = 1_000_000 },
        new() { Workers = 2, IsCompiled = false, IsAdversarial = true, Patience = 1_000_000 },
        new() { Workers = 1, IsAdversarial = true, HasChecks = false, Seed = 7, Patience = 1_000_000 },
        new() { Workers = 2, IsCompiled = false, HasChecks = false, Patience = 1_000_000 },
    ];

    private static int Rounds => CubinSources.IsNightly ? 400 : 20;

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, Rounds)];

    /// <summary>Every instruction of the tables, so that coverage does not depend on chance.</summary>
    [Fact]
    public void EveryInstruction_GivesWhatItsDefinitionSays()
    {
        var generator = new Generator(1);
        foreach (Op[] ops in Op.Families.SelectMany(family => family.Chunk(60)))
        {
            var wrong = new List<string>();
            List<Statement> program =
                [.. ops.Select(
                op =>
                new Statement.Compute(op, new Operand(op.Result, 0, null), [.. op.Sources.Select((type, k) => new Operand(type, 1 + k, null))], null, false))];
            foreach (Statement statement in program)
                if (Difference(new RandomProgram([statement]), generator.Start(Blocks * Threads), generator.Table(), s_modes[0]) is { } difference) wrong.Add(
                    difference);
            Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void StraightLinePrograms_MatchTheInterpreter(int seed)
    {
        var generator = new Generator(seed);
        Check($"straight line, seed {seed}", generator, new RandomProgram(generator.Straight(150)));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void BranchingPrograms_MatchTheInterpreter(int seed)
    {
        var generator = new Generator(seed + 100_000);
        Check($"branching, seed {seed}", generator, new RandomProgram(generator.Branching(14, 4)));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void CallingPrograms_MatchTheInterpreter(int seed)
    {
        var generator = new Generator(seed + 200_000);
        Check($"calling, seed {seed}", generator, generator.Calling());
    }

    private static void Check(string name, Generator generator, RandomProgram program)
    {
        ulong[] start = generator.Start(Blocks * Threads);
        uint[] table = generator.Table();
        foreach (ExecutionOptions mode in s_modes)
        {
            if (Difference(program, start, table, mode) is null) continue;
            foreach (List<Statement> body in program.Functions.Prepend(program.Main)) Shrinker.Shrink(
                body, () => Difference(program, start, table, mode) is not null);
            Assert.Fail($"{name}, {mode}:{Environment.NewLine}{Difference(program, start, table, mode)}");
        }
    }

    /// <summary>The difference of the executor's result, and the program; null if there is none.</summary>
    private static string? Difference(RandomProgram program, ulong[] start, uint[] table, ExecutionOptions mode)
    {
        ulong[] expected = Interpreter.Run(program, start, table);
        string ptx = Printer.Print(program);
        var device = new TestDevice(ptx, mode);
        DeviceArray<ulong> registers = device.Upload(start);
        device.Launch("k", Blocks, Threads, registers, device.Upload(table));
        ulong[] actual = registers.ToArray();
        // A narrow register is stored below the initial contents of its word.
        for (int i = 0; i < actual.Length; i++)
        {
            if (i % Registers.Total < Registers.Halves + Registers.Words) actual[i] &= 0xffffffff;
        }
        // Without functions, the kernel's code between loading and storing its registers.
        string body = program.Functions.Length > 0 ? ptx
            : ptx[(ptx.IndexOf("p3, x, 0;", StringComparison.Ordinal) + 10)..ptx.IndexOf("FINISH:", StringComparison.Ordinal)];
        if (device.Findings.Count > 0) return $"{device.Findings[0]}{Environment.NewLine}{body}";
        int first = expected.AsSpan().CommonPrefixLength(actual);
        return first == expected.Length ? null
            : $"thread {first / Registers.Total}, register {first % Registers.Total}: expected 0x{expected[first]:X}, got 0x{actual[first]:X}; "
                + $"the thread started with {string.Join(' ', Thread().Select(value => value.ToString("X", null)))}{Environment.NewLine}{body}";

        IEnumerable<ulong> Thread() => start.Skip(first / Registers.Total * Registers.Total).Take(Registers.Total);
    }
}
