namespace NativeDiffusion.VirtualGpu.Tests.RandomPrograms;

/// <summary>The statements of a random program.</summary>
internal abstract record Statement
{
    /// <summary>Nested lists of statements, which can be shortened.</summary>
    public virtual IReadOnlyList<List<Statement>> Bodies => [];

    /// <summary>One instruction, optionally predicated.</summary>
    internal sealed record Compute(Op Op, Operand Result, Operand[] Sources, int? Guard, bool IsGuardNegated) : Statement;

    /// <summary>A word of a table in global memory, shared by all threads; indexed by the register's low bits.</summary>
    internal sealed record Lookup(int Result, int Index) : Statement;

    /// <summary>A word of the thread's own array in local memory.</summary>
    internal sealed record Local(int Register, int Index, bool IsStore) : Statement;

    /// <summary>A two-way branch.</summary>
    internal sealed record If(int Predicate, bool IsNegated, List<Statement> Then, List<Statement> Else) : Statement
    {
        public override IReadOnlyList<List<Statement>> Bodies => [Then, Else];
    }

    /// <summary>A loop of as many iterations as the low two bits of a register, or fewer if the predicate breaks at the end of one.</summary>
    internal sealed record Loop(int Count, int? Break, List<Statement> Body) : Statement
    {
        public override IReadOnlyList<List<Statement>> Bodies => [Body];
    }

    /// <summary>A four-way branch by the low bits of a register, through a table of labels.</summary>
    internal sealed record Switch(int Selector, List<Statement>[] Cases) : Statement
    {
        public override IReadOnlyList<List<Statement>> Bodies => Cases;
    }

    /// <summary>A call of a function, or, with a selector, of the one selected by the low bits of its register.</summary>
    internal sealed record Call(int Function, int? Selector, int Result, int A, int B) : Statement;

    /// <summary>The end of the program or function for lanes with the predicate set.</summary>
    internal sealed record Leave(int Predicate) : Statement;
}
