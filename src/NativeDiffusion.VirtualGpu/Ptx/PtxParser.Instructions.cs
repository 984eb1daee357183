namespace NativeDiffusion.VirtualGpu.Ptx;

/// <summary>Instructions and their operands.</summary>
internal sealed partial class PtxParser
{
    private void Instruction()
    {
        int line = Current.Line;
        PtxRegister? guard = null;
        bool isNegated = false;
        if (TryTake('@'))
        {
            isNegated = TryTake('!');
            Token name = Take(TokenKind.Identifier, "a predicate");
            guard = _scope.FindRegister(name.Text) ?? throw new PtxException($"'{name.Text}' is not declared.", name.Line);
        }
        string opcode = Take(TokenKind.Identifier, "an instruction").Text;
        var modifiers = new List<string>();
        while (Current.Kind == TokenKind.DotWord) modifiers.Add(_tokens[_at++].Text);
        var operands = new List<PtxOperand>();
        if (!Current.Is(';'))
        {
            do operands.Add(Operand());
            while (TryTake(','));
        }
        Expect(';');
        _function.Instructions.Add(new PtxInstruction
        {
            Opcode = opcode,
            Modifiers = modifiers,
            Operands = operands,
            Guard = guard,
            IsGuardNegated = isNegated,
            Line = line,
            Location = _location,
            Scope = _scope,
        });
    }

    private PtxOperand Operand()
    {
        PtxOperand first = SimpleOperand();
        return TryTake('|') ? new PtxOperand.Pair(first, SimpleOperand()) : first;
    }

    private PtxOperand SimpleOperand()
    {
        Enter();
        PtxOperand operand = Primary();
        Leave();
        return operand;
    }

    private PtxOperand Primary()
    {
        if (TryTake('{')) return new PtxOperand.Vector(Elements('}'));
        if (TryTake('(')) return new PtxOperand.List(Elements(')'));
        if (TryTake('[')) return Address();
        if (TryTake('!'))
        {
            PtxOperand operand = SimpleOperand();
            return operand is PtxOperand.Register register ? register with { IsNegated = true } : throw Wrong("a predicate");
        }
        if (Current.Kind == TokenKind.Identifier && Current.Text != "WARP_SZ") return Name();
        return Constant("an operand");
    }

    private List<PtxOperand> Elements(char end)
    {
        var elements = new List<PtxOperand>();
        if (TryTake(end)) return elements;
        do elements.Add(Operand());
        while (TryTake(','));
        Expect(end);
        return elements;
    }

    private PtxOperand Name()
    {
        Token name = _tokens[_at++];
        if (name.Text == "_") return new PtxOperand.Sink();
        if (_scope.FindRegister(name.Text) is { } register) return new PtxOperand.Register(register);
        if (name.Text[0] == '%')
        {
            string special = name.Text;
            if (Current.Kind == TokenKind.DotWord) special += "." + _tokens[_at++].Text;
            return new PtxOperand.Special(special);
        }
        return new PtxOperand.Symbol(name.Text, Offset(), _scope);
    }

    private long Offset()
    {
        if (TryTake('+')) return Integer("an offset");
        if (TryTake('-')) return -Integer("an offset");
        return 0;
    }

    private PtxOperand Address()
    {
        PtxOperand place = Current.Kind == TokenKind.Identifier ? Name() : Constant("an address");
        long offset = Offset();
        if (place is PtxOperand.Symbol { Offset: not 0 } symbol) (place, offset) = (symbol with { Offset = 0 }, offset + symbol.Offset);
        PtxOperand address = new PtxOperand.Address(place, offset);
        if (TryTake(','))
        {
            // Coordinates of a tensor or texture.
            var elements = new List<PtxOperand> { address };
            do elements.Add(Operand());
            while (TryTake(','));
            address = new PtxOperand.List(elements);
        }
        Expect(']');
        return address;
    }
}
