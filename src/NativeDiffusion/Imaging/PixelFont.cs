namespace NativeDiffusion.Imaging;

/// <summary>A font of five by seven dots for labels: printable ASCII, anything else a box. No font file, the same dots everywhere.</summary>
internal static class PixelFont
{
    /// <summary>Dots from one letter to the next.</summary>
    public const int Advance = 6;

    /// <summary>Dots from one line to the next.</summary>
    public const int LineHeight = 9;

    private const int Rows = 7, Columns = 5;
    private const string Box = "vhhhhhv";

    // Seven rows a letter from the blank on, each row's five dots a digit to the base of 32.
    private const string Letters =
        "00000004444004aaa0000aavavaa4fke5u4op248j3cik8lid44800002488842842224804lel40044v4400000c48000v00000000cc01248g0" +
        "ehjlphe4c4444eeh1248vv2421he26aiv22vgu11he68guhhev124888ehhehheehhf12c0cc0cc00cc0c48248g84200v0v008421248eh12404" +
        "eh1dlleehhvhhhuhhuhhuehggghesihhhisvgguggvvggugggehgnhhfhhhvhhhe44444e72222ichikokihggggggvhrllhhhhhpljhhehhhhhe" +
        "uhhugggehhhliduhhukihfgge11uv444444hhhhhhehhhhha4hhhlllahha4ahhhhha444v1248gve88888e0g84210e22222e4ah0000000000v" +
        "842000000e1fhfggmphhu00egghe11djhhf00ehvge698s8880fhhf1eggmphhh40c444e20622icggikokic44444e00qllhh00mphhh00ehhhe" +
        "00uhugg00djf1100mpggg00ege1u88s889600hhhjd00hhha400hhlla00ha4ah00hhf1e00v248v244844244444448442448008l200";

    /// <summary>Draws a line of text.</summary>
    /// <param name="text">The line.</param>
    /// <param name="scale">Pixels a dot.</param>
    /// <param name="x">Left edge.</param>
    /// <param name="y">Upper edge.</param>
    /// <param name="put">Colours one pixel.</param>
    public static void Draw(string text, int scale, int x, int y, Action<int, int> put)
    {
        foreach (char letter in text)
        {
            ReadOnlySpan<char> rows = letter is >= ' ' and <= '~' ? Letters.AsSpan((letter - ' ') * Rows, Rows) : Box;
            for (int dot = 0; dot < Rows * Columns * scale * scale; dot++)
            {
                int row = dot / (Columns * scale), column = dot % (Columns * scale);
                int bits = rows[row / scale] is >= 'a' and var c ? c - 'a' + 10 : rows[row / scale] - '0';
                if ((bits >> (Columns - 1 - column / scale) & 1) != 0) put(x + column, y + row);
            }

            x += Advance * scale;
        }
    }

    /// <summary>Breaks a text into lines of at most so many letters, at blanks where it can.</summary>
    public static List<string> Wrap(string text, int letters, int mostLines)
    {
        var lines = new List<string>();
        foreach (string paragraph in text.ReplaceLineEndings("\n").Split('\n'))
        {
            string rest = paragraph.Trim();
            do
            {
                int cut = rest.Length <= letters ? rest.Length : rest.LastIndexOf(' ', letters);
                if (cut <= 0) cut = Math.Min(letters, rest.Length);
                lines.Add(rest[..cut].TrimEnd());
                rest = rest[cut..].TrimStart();
            }
            while (rest.Length > 0 && lines.Count <= mostLines);
        }

        if (lines.Count <= mostLines) return lines;
        string last = lines[mostLines - 1];
        lines.RemoveRange(mostLines, lines.Count - mostLines);
        lines[^1] = last[..Math.Max(Math.Min(last.Length, letters - 3), 0)] + "...";
        return lines;
    }
}
