using System.Globalization;

namespace NativeDiffusion.VirtualGpu.Ptx;

/// <summary>Numbers and constant expressions.</summary>
internal sealed partial class PtxParser
{
    private long Integer(string what)
    {
        PtxOperand.Immediate value = Constant(what);
        return value.Kind == ImmediateKind.Integer ? (long)value.Bits
            : throw new PtxException($"expected {what}, found a floating-point number.", Current.Line);
    }

    /// <summary>Sums and products of numbers, signs, parentheses: the constant expressions that compilers emit.</summary>
    private PtxOperand.Immediate Constant(string what)
    {
        PtxOperand.Immediate value = Factor(what);
        while (value.Kind == ImmediateKind.Integer && Current.Kind == TokenKind.Punctuation && Current.Text[0] is '+' or '-' or '*')
        {
            char operation = _tokens[_at++].Text[0];
            ulong next = Factor(what).Bits;
            ulong result = operation switch { '+' => value.Bits + next, '-' => value.Bits - next, _ => value.Bits * next };
            value = new PtxOperand.Immediate(result, ImmediateKind.Integer);
        }
        return value;
    }

    private PtxOperand.Immediate Factor(string what)
    {
        Enter();
        PtxOperand.Immediate value = Signed(what);
        Leave();
        return value;
    }

    private PtxOperand.Immediate Signed(string what)
    {
        if (TryTake('-'))
        {
            PtxOperand.Immediate value = Factor(what);
            return value.Kind switch
            {
                ImmediateKind.Integer => value with { Bits = 0 - value.Bits },
                ImmediateKind.SingleBits => value with { Bits = value.Bits ^ 0x8000_0000 },
                _ => value with { Bits = value.Bits ^ 0x8000_0000_0000_0000 },
            };
        }
        if (TryTake('~')) return Factor(what) is { Kind: ImmediateKind.Integer } value ? value with { Bits = ~value.Bits } : throw Wrong("an integer");
        if (TryTake('('))
        {
            PtxOperand.Immediate value = Constant(what);
            Expect(')');
            return value;
        }
        if (Current is { Kind: TokenKind.Identifier, Text: "WARP_SZ" })
        {
            _at++;
            return new PtxOperand.Immediate(32, ImmediateKind.Integer);
        }
        return Number(Take(TokenKind.Number, what));
    }

    private static PtxOperand.Immediate Number(Token token)
    {
        ReadOnlySpan<char> text = token.Text;
        if (text.Length == 10 && text[0] == '0' && text[1] is 'f' or 'F') return new(Hex(token, text[2..]), ImmediateKind.SingleBits);
        if (text.Length == 18 && text[0] == '0' && text[1] is 'd' or 'D') return new(Hex(token, text[2..]), ImmediateKind.DoubleBits);
        if (text[^1] is 'U' or 'u') text = text[..^1];
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)) return new(Hex(token, text[2..]), ImmediateKind.Integer);
        if (text.StartsWith("0b", StringComparison.OrdinalIgnoreCase) && ulong.TryParse(text[2..], NumberStyles.AllowBinarySpecifier, null, out ulong binary))
            return new(binary, ImmediateKind.Integer);
        if (text.ContainsAny('.', 'e', 'E') && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double real))
            return new(BitConverter.DoubleToUInt64Bits(real), ImmediateKind.DoubleBits);
        if (text.Length > 1 && text[0] == '0') return new(Octal(token, text), ImmediateKind.Integer);
        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value)
            ? new PtxOperand.Immediate(value, ImmediateKind.Integer)
            : throw new PtxException($"'{token.Text}' is not a number.", token.Line);
    }

    private static ulong Hex(Token token, ReadOnlySpan<char> digits) =>
        ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong value)
            ? value
            : throw new PtxException($"'{token.Text}' is not a number.", token.Line);

    private static ulong Octal(Token token, ReadOnlySpan<char> digits)
    {
        ulong value = 0;
        foreach (char c in digits)
            value = c is >= '0' and <= '7' ? (value << 3) | (uint)(c - '0') : throw new PtxException($"'{token.Text}' is not a number.", token.Line);
        return value;
    }
}
