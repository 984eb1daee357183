using System.Text;

namespace NativeDiffusion.VirtualGpu.Ptx;

/// <summary>One instruction: guard, opcode, modifiers in order (without dots), operands, its line in the PTX and the source it came from.</summary>
internal sealed class PtxInstruction
{
    public required string Opcode { get; init; }

    public required IReadOnlyList<string> Modifiers { get; init; }

    public required IReadOnlyList<PtxOperand> Operands { get; init; }

    public PtxRegister? Guard { get; init; }

    public bool IsGuardNegated { get; init; }

    public required int Line { get; init; }

    public SourceLocation? Location { get; init; }

    public required PtxScope Scope { get; init; }

    /// <summary>Modifiers that name types, in order.</summary>
    public IReadOnlyList<PtxType> Types
    {
        get
        {
            if (field is null)
            {
                var types = new List<PtxType>(2);
                foreach (string modifier in Modifiers)
                    if (PtxTypes.Parse(modifier) is var type and not PtxType.None) types.Add(type);
                field = types;
            }
            return field;
        }
    }

    /// <summary>The last type: the operand type of the instruction, if there is one.</summary>
    public PtxType Type => Types.Count > 0 ? Types[^1] : PtxType.None;

    public bool Has(string modifier)
    {
        foreach (string candidate in Modifiers)
            if (candidate == modifier) return true;
        return false;
    }

    /// <summary>Opcode with its modifiers, as written.</summary>
    public string Name => Modifiers.Count == 0 ? Opcode : Opcode + "." + string.Join('.', Modifiers);

    /// <summary>An exception that names this instruction and its line.</summary>
    public PtxException Refuse(string reason) => new($"'{this}': {reason}", Line);

    public override string ToString()
    {
        var text = new StringBuilder();
        if (Guard is not null) text.Append('@').Append(IsGuardNegated ? "!" : "").Append(Guard.Name).Append(' ');
        text.Append(Name);
        if (Operands.Count > 0) text.Append(' ').AppendJoin(", ", Operands);
        return text.Append(';').ToString();
    }
}
