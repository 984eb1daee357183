using System.Globalization;
using System.Text;

namespace NativeDiffusion.Text;

/// <summary>The classes <c>\s</c>, <c>\w</c> and <c>\d</c> of Python's regular expressions, in which the prompt grammar is defined.</summary>
internal static class PythonCharacters
{
    /// <summary>White space: the property White_Space and the four separators U+001C to U+001F.</summary>
    public static bool IsSpace(char value) => value is >= '\u001C' and <= '\u001F' || UnicodeTables.IsWhiteSpace(value);

    /// <summary>Whether the code point that ends before <paramref name="index"/> belongs to a word.</summary>
    public static bool IsWordBefore(ReadOnlySpan<char> text, int index) =>
        Rune.DecodeLastFromUtf16(text[..index], out Rune rune, out _) == System.Buffers.OperationStatus.Done && IsWord(rune.Value);

    /// <summary>Whether the code point that starts at <paramref name="index"/> belongs to a word.</summary>
    public static bool IsWordAt(ReadOnlySpan<char> text, int index) =>
        Rune.DecodeFromUtf16(text[index..], out Rune rune, out _) == System.Buffers.OperationStatus.Done && IsWord(rune.Value);

    /// <summary>The decimal digit of any script that starts at <paramref name="index"/>, or -1.</summary>
    /// <param name="text">The text.</param>
    /// <param name="index">Where to look.</param>
    /// <param name="length">The number of UTF-16 units of the digit.</param>
    public static int DigitAt(string text, int index, out int length)
    {
        char value = text[index];
        length = 1;
        if (value < 0x80) return value is >= '0' and <= '9' ? value - '0' : -1;
        if (char.IsHighSurrogate(value) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1])) length = 2;
        return CharUnicodeInfo.GetDecimalDigitValue(text, index);
    }

    /// <summary>The decimal digit of any script that ends before <paramref name="index"/>, or -1.</summary>
    public static int DigitBefore(string text, int index, out int length)
    {
        bool pair = index >= 2 && char.IsSurrogatePair(text[index - 2], text[index - 1]);
        return DigitAt(text, pair ? index - 2 : index - 1, out length);
    }

    /// <summary>The double of digits and points, correctly rounded as in Python; false if Python's <c>float</c> would raise an error.</summary>
    public static bool TryParse(ReadOnlySpan<char> number, out double value) =>
        double.TryParse(
            number, NumberStyles.Float & ~(NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite), CultureInfo.InvariantCulture, out value);

    private static bool IsWord(int code) => code == '_' || UnicodeTables.Instance.IsLetter(code) || UnicodeTables.Instance.IsNumber(code);
}
