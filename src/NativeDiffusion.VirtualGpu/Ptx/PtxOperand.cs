using System.Globalization;

namespace NativeDiffusion.VirtualGpu.Ptx;

/// <summary>An operand as written. The nested records are all kinds.</summary>
internal abstract record PtxOperand
{
    internal sealed record Register(PtxRegister Value, bool IsNegated = false) : PtxOperand
    {
        public override string ToString() => IsNegated ? "!" + Value.Name : Value.Name;
    }

    /// <summary>An integer, or the bits of a 0f or 0d constant, or a decimal floating-point constant as the bits of a double.</summary>
    internal sealed record Immediate(ulong Bits, ImmediateKind Kind) : PtxOperand
    {
        public override string ToString() => Kind == ImmediateKind.Integer ? ((long)Bits).ToString(CultureInfo.InvariantCulture) : $"0x{Bits:X}";
    }

    internal sealed record Special(string Name) : PtxOperand
    {
        public override string ToString() => Name;
    }

    /// <summary>The name of a variable, function, label or table, resolved at use.</summary>
    internal sealed record Symbol(string Name, long Offset, PtxScope Scope) : PtxOperand
    {
        public override string ToString() => Offset == 0 ? Name : $"{Name}+{Offset}";
    }

    internal sealed record Vector(IReadOnlyList<PtxOperand> Elements) : PtxOperand
    {
        public override string ToString() => "{" + string.Join(", ", Elements) + "}";
    }

    internal sealed record Address(PtxOperand Base, long Offset) : PtxOperand
    {
        public override string ToString() => Offset == 0 ? $"[{Base}]" : $"[{Base}+{Offset}]";
    }

    internal sealed record Pair(PtxOperand First, PtxOperand Second) : PtxOperand
    {
        public override string ToString() => $"{First}|{Second}";
    }

    /// <summary>The parenthesised lists of a call.</summary>
    internal sealed record List(IReadOnlyList<PtxOperand> Elements) : PtxOperand
    {
        public override string ToString() => "(" + string.Join(", ", Elements) + ")";
    }

    /// <summary>The underscore: a discarded result.</summary>
    internal sealed record Sink : PtxOperand
    {
        public override string ToString() => "_";
    }
}
