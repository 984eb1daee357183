using System.Text;

namespace NativeDiffusion.VirtualGpu.Ptx;

/// <summary>Splits PTX into tokens: identifiers (with % and $), words after a dot (with ::), numbers, strings, punctuation.</summary>
internal sealed class Lexer(string text)
{
    private readonly List<Token> _tokens = [];
    private readonly Dictionary<string, string> _words = [];
    private int _at;
    private int _line = 1;

    /// <summary>All tokens, the last one of kind End.</summary>
    public List<Token> Run()
    {
        while (SkipBlanks()) Next();
        _tokens.Add(new Token(TokenKind.End, "", _line));
        return _tokens;
    }

    private void Next()
    {
        char c = text[_at];
        int start = _at;
        if (IsIdentifierStart(c))
        {
            _at++;
            while (_at < text.Length && IsIdentifierPart(text[_at])) _at++;
            Add(TokenKind.Identifier, start);
        }
        else if (char.IsAsciiDigit(c)) Number();
        else if (c == '.' && _at + 1 < text.Length && IsIdentifierPart(text[_at + 1])) DotWord();
        else if (c == '"') Quoted();
        else
        {
            _at++;
            Add(TokenKind.Punctuation, start);
        }
    }

    private void DotWord()
    {
        int start = ++_at;
        while (_at < text.Length)
        {
            if (IsIdentifierPart(text[_at])) _at++;
            else if (text[_at] == ':' && _at + 2 < text.Length && text[_at + 1] == ':' && IsIdentifierPart(text[_at + 2])) _at += 2;
            else break;
        }
        Add(TokenKind.DotWord, start);
    }

    private void Number()
    {
        int start = _at;
        bool isHex = text[_at] == '0' && _at + 1 < text.Length && text[_at + 1] is 'x' or 'X';
        bool isBits = text[_at] == '0' && _at + 1 < text.Length && text[_at + 1] is 'f' or 'F' or 'd' or 'D';
        if (isHex || isBits)
        {
            _at += 2;
            while (_at < text.Length && char.IsAsciiHexDigit(text[_at])) _at++;
        }
        else
        {
            while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] == '.'
                || (text[_at] is '+' or '-' && text[_at - 1] is 'e' or 'E'))) _at++;
        }
        if (isHex && _at < text.Length && text[_at] is 'U' or 'u') _at++;
        Add(TokenKind.Number, start);
    }

    private void Quoted()
    {
        int line = _line;
        var value = new StringBuilder();
        for (_at++; _at < text.Length && text[_at] != '"'; _at++)
        {
            if (text[_at] == '\\' && _at + 1 < text.Length) _at++;
            if (text[_at] == '\n') _line++;
            value.Append(text[_at]);
        }
        if (_at >= text.Length) throw new PtxException("a string is not terminated.", line);
        _at++;
        _tokens.Add(new Token(TokenKind.Text, value.ToString(), line));
    }

    private bool SkipBlanks()
    {
        while (_at < text.Length)
        {
            char c = text[_at];
            if (c == '\n') _line++;
            if (char.IsWhiteSpace(c) || c == '\0') _at++;
            else if (c == '/' && _at + 1 < text.Length && text[_at + 1] == '/')
            {
                while (_at < text.Length && text[_at] != '\n') _at++;
            }
            else if (c == '/' && _at + 1 < text.Length && text[_at + 1] == '*') SkipComment();
            else return true;
        }
        return false;
    }

    private void SkipComment()
    {
        int line = _line;
        int end = text.IndexOf("*/", _at + 2, StringComparison.Ordinal);
        if (end < 0) throw new PtxException("a comment is not terminated.", line);
        for (; _at < end + 2; _at++)
            if (text[_at] == '\n') _line++;
    }

    private void Add(TokenKind kind, int start)
    {
        ReadOnlySpan<char> span = text.AsSpan(start, _at - start);
        // Kernels repeat the same few hundred words.
        if (!_words.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(span, out string? word))
        {
            word = span.ToString();
            _words.Add(word, word);
        }
        _tokens.Add(new Token(kind, word, _line));
    }

    private static bool IsIdentifierStart(char c) => char.IsAsciiLetter(c) || c is '_' or '$' or '%';

    private static bool IsIdentifierPart(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '$';
}
