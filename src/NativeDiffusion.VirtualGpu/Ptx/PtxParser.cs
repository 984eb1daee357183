using System.Globalization;

namespace NativeDiffusion.VirtualGpu.Ptx;

/// <summary>Parses a module: directives here, variables, functions, statements and operands in the other parts of the class.</summary>
internal sealed partial class PtxParser
{
    private readonly List<Token> _tokens;
    private readonly Dictionary<int, string> _files = [];
    private PtxModule _module = null!;
    private int _at;
    private int _depth;

    /// <summary>The maximum nesting of scopes, vectors, initialisers and constants: input must not overflow the host's stack.</summary>
    private const int MaxDepth = 200;

    public PtxParser(string text)
    {
        _tokens = new Lexer(text).Run();
        // The compilers write .file after the functions whose .loc lines need it.
        for (int i = 0; i + 2 < _tokens.Count; i++)
            if (_tokens[i] is { Kind: TokenKind.DotWord, Text: "file" } && _tokens[i + 1].Kind == TokenKind.Number && _tokens[i + 2].Kind == TokenKind.Text
                && int.TryParse(_tokens[i + 1].Text, NumberStyles.None, CultureInfo.InvariantCulture, out int index))
                _files[index] = _tokens[i + 2].Text;
    }

    private Token Current => _tokens[_at];

    public PtxModule Run()
    {
        (Version version, string target, int addressBits) = Header();
        _module = new PtxModule(version, target, addressBits) { Architecture = Architecture(target) };
        while (Current.Kind != TokenKind.End) TopLevel();
        return _module;
    }

    private (Version Version, string Target, int AddressBits) Header()
    {
        if (!TryDot("version")) throw Wrong(".version, the first directive of every PTX module");
        Token number = Take(TokenKind.Number, "a version such as 8.1");
        if (!Version.TryParse(number.Text, out Version? version)) throw new PtxException($"'{number.Text}' is not a version.", number.Line);
        if (!TryDot("target")) throw Wrong(".target");
        string target = Take(TokenKind.Identifier, "a target such as sm_80").Text;
        while (TryTake(',')) Take(TokenKind.Identifier, "a target option");
        int addressBits = 32;
        if (TryDot("address_size")) addressBits = (int)Integer("an address size");
        if (addressBits != 64) throw new PtxException($"addresses of {addressBits} bits are not supported; compile for 64.", Current.Line);
        return (version, target, addressBits);
    }

    private int Architecture(string target)
    {
        string digits = new([.. target.SkipWhile(c => !char.IsAsciiDigit(c)).TakeWhile(char.IsAsciiDigit)]);
        return target.StartsWith("sm_", StringComparison.Ordinal) && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new PtxException($"target '{target}' is not valid; expected sm_ and a number.", Current.Line);
    }

    private void TopLevel()
    {
        Token word = Take(TokenKind.DotWord, "a directive");
        switch (word.Text)
        {
            case "file":
                SkipLine(word.Line);
                return;
            case "section":
                SkipSection(word.Line);
                return;
            case "pragma":
                Take(TokenKind.Text, "a pragma's text");
                Expect(';');
                return;
            case "loc":
                Location();
                return;
            case "global" or "const" or "shared":
                ModuleVariable(word, false);
                return;
            case "extern" or "visible" or "weak" or "common":
                Linkage(word);
                return;
            case "entry" or "func":
                Function(word.Text == "entry");
                return;
            default:
                throw new PtxException($"directive '.{word.Text}' is not supported here.", word.Line);
        }
    }

    private void Linkage(Token linkage)
    {
        Token word = Take(TokenKind.DotWord, "a directive");
        switch (word.Text)
        {
            case "global" or "const" or "shared":
                ModuleVariable(word, linkage.Text == "extern");
                return;
            case "entry" or "func":
                Function(word.Text == "entry");
                return;
            default:
                throw new PtxException($"directive '.{word.Text}' cannot follow '.{linkage.Text}'.", word.Line);
        }
    }

    private void SkipLine(int line)
    {
        while (Current.Kind != TokenKind.End && Current.Line == line) _at++;
    }

    private void SkipSection(int line)
    {
        while (Current.Kind != TokenKind.End && !Current.Is('{')) _at++;
        for (int depth = 0; Current.Kind != TokenKind.End;)
        {
            if (Current.Is('{')) depth++;
            if (Current.Is('}')) depth--;
            _at++;
            if (depth == 0) return;
        }
        throw new PtxException("a section is not terminated.", line);
    }

    private void Enter()
    {
        if (++_depth > MaxDepth) throw new PtxException($"more than {MaxDepth} nested scopes or parentheses.", Current.Line);
    }

    private void Leave() => _depth--;

    private bool TryDot(string word)
    {
        if (Current.Kind != TokenKind.DotWord || Current.Text != word) return false;
        _at++;
        return true;
    }

    private bool TryTake(char punctuation)
    {
        if (!Current.Is(punctuation)) return false;
        _at++;
        return true;
    }

    private void Expect(char punctuation)
    {
        if (!TryTake(punctuation)) throw Wrong($"'{punctuation}'");
    }

    private Token Take(TokenKind kind, string what)
    {
        if (Current.Kind != kind) throw Wrong(what);
        return _tokens[_at++];
    }

    private PtxException Wrong(string expected) => new(
        Current.Kind == TokenKind.End ? $"expected {expected}, found the end of the text." : $"expected {expected}, found '{Current.Text}'.", Current.Line);
}
