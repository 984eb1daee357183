namespace NativeDiffusion.Text;

/// <summary>
/// GPT-2's letters for bytes: printable Latin-1 characters map to themselves, the other 68 bytes to U+0100 onwards, in order.
/// A byte's place in CLIP's vocabulary follows the same order: printable ones first.
/// </summary>
internal static class ByteLetters
{
    private static readonly char[] s_letters = Make();

    /// <summary>The letter of a byte.</summary>
    public static char LetterOf(byte value) => s_letters[value];

    /// <summary>The byte of a letter, or -1 if there is none.</summary>
    public static int ByteOf(char letter) => IsPrintable(letter) ? letter : Array.IndexOf(s_letters, letter);

    /// <summary>All letters in the order of the vocabulary.</summary>
    public static IEnumerable<char> InVocabularyOrder()
    {
        for (int value = 0; value < 256; value++)
        {
            if (IsPrintable((char)value)) yield return s_letters[value];
        }
        for (int value = 0; value < 256; value++)
        {
            if (!IsPrintable((char)value)) yield return s_letters[value];
        }
    }

    private static char[] Make()
    {
        var letters = new char[256];
        char next = '\u0100';
        for (int value = 0; value < 256; value++)
            letters[value] = IsPrintable((char)value) ? (char)value : next++;
        return letters;
    }

    private static bool IsPrintable(char value) => value is (>= '!' and <= '~') or (>= '\u00A1' and <= '\u00AC') or (>= '\u00AE' and <= '\u00FF');
}
