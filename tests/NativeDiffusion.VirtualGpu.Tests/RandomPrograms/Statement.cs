namespace NativeDiffusion.VirtualGpu.Tests.RandomPrograms;

/// <summary>What a random program is made of.</summary>
internal abstract record Statement
{
    /// <summary>Lists of statements inside, which can be made shorter.</summary>
    public virtual IReadOnlyList<List<Statement>> Bodies => [];

    /// <summary>One instruction, perhaps under a predicate.</summary>
    internal sealed record Compute(Op Op, Operand Result, Operand[] Sources, int? Guard, bool IsGuardNegated) : Statement;

    /// <summary>A word of a table in global memory, the same for all; the register's low bits choose.</summary>
    internal sealed record Lookup(int Result, int Index) : Statement;

    /// <summary>A word of the thread's own array in local memory.</summary>
    internal sealed record Local(int Register, int Index, bool IsStore) : Statement;

    /// <summary>Two ways.</summary>
    internal sealed record If(int Predicate, bool IsNegated, List<Statement> Then, List<Statement> Else) : Statement
    {
        public override IReadOnlyList<List<Statement>> Bodies => [Then, Else];
    }

    /// <summary>As many rounds as the low two bits of a register say, or fewer where the predicate stops it at the end of a round.</summary>
    internal sealed record Loop(int Count, int? Break, List<Statement> Body) : Statement
    {
        public override IReadOnlyList<List<Statement>> Bodies => [Body];
    }

    /// <summary>One of four ways by the low bits of a register, through a table of labels.</summary>
    internal sealed record Switch(int Selector, List<Statement>[] Cases) : Statement
    {
        public override IReadOnlyList<List<Statement>> Bodies => Cases;
    }

    /// <summary>A call of a function, or, where there is a selector, of the one that the low bits of its register choose.</summary>
    internal sealed record Call(int Function, int? Selector, int Result, int A, int B) : Statement;

    /// <summary>The end of the program or function for lanes that hold the predicate.</summary>
    internal sealed record Leave(int Predicate) : Statement;
}
